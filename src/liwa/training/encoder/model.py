"""The architecture ``liwa.Encoder.v1``: a pretrained encoder in the place of spaCy's ``Tok2Vec``."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from spacy.tokens import Doc
from thinc.api import Model
from thinc.types import ArgsKwargs, Floats2d

from liwa.errors import LiwaError
from liwa.training.encoder.checkpoint import Checkpoint
from liwa.training.encoder.pieces import Segmenter, trimmed
from liwa.training.encoder.windows import Windows, windows

if TYPE_CHECKING:
    from liwa.training.encoder.shim import EncoderShim

EncoderModel = Model[list[Doc], list[Floats2d]]


def create_encoder(  # noqa: PLR0917
    checkpoint: Callable[[], Checkpoint],
    width: int = 384,
    window: int = 256,
    overlap: int = 64,
    dropout: float = 0.1,
    learn_rate_scale: float = 0.1,
    layer_decay: float = 0.9,
    frozen_layers: int = 4,
) -> EncoderModel:
    """Return the architecture: documents in, a vector for each token out; it is fine-tuned with what listens to it.

    checkpoint: called once, when a pipeline is initialised; a saved pipeline has its own weights. width: of the
    vectors, which listeners have to know. window, overlap: in pieces. dropout: inside the network. learn_rate_scale:
    the last layer learns at this share of the optimizer's rate, and each layer below at layer_decay of the one above.
    frozen_layers: so many of the lowest, and the embeddings, learn nothing, which makes training faster.
    """
    try:
        from liwa.training.encoder.shim import EncoderShim
    except ModuleNotFoundError as error:
        raise LiwaError(f"the encoder needs {error.name}", hint="pip install 'liwa[encoder]'") from None
    settings = {
        "dropout": dropout,
        "fast": is_fast_in_bfloat16(),
        "scale": learn_rate_scale,
        "decay": layer_decay,
        "frozen": frozen_layers,
    }
    return Model(
        "liwa_encoder",
        _forward,
        init=partial(_initialize, checkpoint),
        attrs={"window": window, "overlap": overlap},
        dims={"nO": width},
        shims=[EncoderShim(settings)],
    )


def is_fast_in_bfloat16() -> bool:
    """Say whether this processor multiplies matrices in bfloat16 itself."""
    import torch

    able = torch.cpu.get_capabilities()
    return any(able.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16"))


def _initialize(
    load: Callable[[], Checkpoint],
    model: EncoderModel,
    X: Any = None,  # noqa: N803
    Y: Any = None,  # noqa: N803
) -> None:
    from liwa.training.encoder.network import pretrained

    shim, checkpoint = shim_of(model), load()
    if checkpoint.width != model.get_dim("nO"):
        problem = f"the checkpoint's vectors have the width {checkpoint.width}, the config says {model.get_dim('nO')}"
        raise LiwaError(problem, hint="Correct the width of the encoder in the config")
    pieces, scores, rows = trimmed(checkpoint)
    network = pretrained(checkpoint, rows, dropout=shim.settings["dropout"], fast=shim.settings["fast"])
    shim.set(network, Segmenter(pieces, scores))
    if X:
        network.eval().standardise(_windows(model, X))


def shim_of(model: EncoderModel) -> EncoderShim:
    """Return what holds the network and the vocabulary of an encoder."""
    return cast("EncoderShim", model.shims[0])


def _windows(model: EncoderModel, docs: list[Doc]) -> Windows:
    return windows(map(shim_of(model).segmenter, docs), model.attrs["window"], model.attrs["overlap"])


def _forward(model: EncoderModel, docs: list[Doc], is_train: bool) -> tuple[list[Floats2d], Callable[..., list[Doc]]]:
    output, back = model.shims[0](ArgsKwargs((_windows(model, docs),), {}), is_train)
    lengths = model.ops.asarray1i([len(doc) for doc in docs])

    def backprop(d_vectors: list[Floats2d]) -> list[Doc]:
        import torch

        gradient = torch.from_numpy(model.ops.to_numpy(model.ops.flatten(d_vectors)))  # type: ignore[no-untyped-call]
        back(ArgsKwargs(((output,),), {"grad_tensors": (gradient,)}))
        return docs

    return model.ops.unflatten(model.ops.asarray2f(output.detach().numpy()), lengths), backprop
