"""The network of the encoder (PyTorch): the layers of BERT (Devlin et al. 2019) over windows of pieces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from liwa.training.encoder.checkpoint import Checkpoint
from liwa.training.encoder.pieces import PAD
from liwa.training.encoder.windows import Ints, Windows

_GROUP = 1024  # pieces, padding included, that go through the layers at once
_LIKE, _NEAR = 1.25, 8  # a window joins a group whose shortest is at most this times and this many pieces shorter


class Encoder(nn.Module):
    """Windows in, a vector for each token out: the mean over its pieces of a learned mean over the layers.

    sizes: ``pieces``, ``positions``, ``width``, ``inner``, ``depth``, ``heads``, ``epsilon``. dropout: while training.
    fast: compute in bfloat16, which some processors do in a fourth of the time; weights stay in single precision.
    """

    def __init__(self, sizes: Mapping[str, Any], dropout: float, fast: bool) -> None:
        super().__init__()
        self.sizes, self.fast = dict(sizes), fast
        width, epsilon = sizes["width"], sizes["epsilon"]
        self.word = nn.Embedding(sizes["pieces"], width)
        self.position = nn.Embedding(sizes["positions"], width)
        self.norm = nn.LayerNorm(width, epsilon)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(
            Layer(width, sizes["inner"], sizes["heads"], epsilon, dropout) for _ in range(sizes["depth"])
        )
        self.mix = nn.Parameter(torch.zeros(sizes["depth"] + 1))
        self.shift = nn.Parameter(torch.zeros(width))
        self.stretch = nn.Parameter(torch.ones(width))

    def freeze(self, layers: int) -> None:
        """Let the embeddings and the lowest layers learn nothing more; 0 freezes nothing."""
        lowest = [self.word, self.position, self.norm, *self.layers[:layers]] if layers else []
        for module in lowest:
            module.requires_grad_(False)

    def forward(self, batch: Windows) -> Tensor:
        """Return (tokens, width) vectors in single precision; zeros for a token without pieces."""
        token = torch.from_numpy(batch.token)
        total = self.position.weight.new_zeros(batch.tokens, self.sizes["width"])
        if not len(batch.token):
            return total
        with torch.autocast("cpu", torch.bfloat16, enabled=self.fast):
            vectors = self._encode(batch)
        vectors = (vectors.float() + self.shift) * self.stretch
        counts = torch.bincount(token, minlength=batch.tokens).clamp(min=1)
        return total.index_add(0, token, vectors) / counts.unsqueeze(1)

    def standardise(self, sample: Windows) -> None:
        """Give the vectors of a sample mean 0 and variance 1 in each dimension.

        A pretrained encoder's vectors share a large part that says nothing to a new head.
        """
        with torch.no_grad():
            vectors = self(sample)[np.unique(sample.token)]
            self.shift.sub_(vectors.mean(dim=0) / self.stretch)
            self.stretch.div_(vectors.std(dim=0).clamp(min=1e-3))

    def _encode(self, batch: Windows) -> Tensor:
        """Return the vectors of pieces, windows of like length together so that little is padded."""
        parts, order = [], []
        for group in _groups([len(row) for row in batch.rows]):
            place = {row: at for at, row in enumerate(group)}
            chosen = np.flatnonzero(np.isin(batch.row, group))
            hidden = self._layers(_padded([batch.rows[row] for row in group]))
            at = torch.tensor([place[row] for row in batch.row[chosen].tolist()])
            parts.append(hidden[at, torch.from_numpy(batch.column[chosen])])
            order.append(chosen)
        back = np.argsort(np.concatenate(order), kind="stable")
        return torch.cat(parts)[torch.from_numpy(back)]

    def _layers(self, ids: Tensor) -> Tensor:
        """Return the mixed layers of (windows, pieces) ids, padded behind."""
        bias = None
        if (padding := ids == PAD).any():
            bias = torch.zeros(ids.shape, dtype=torch.bfloat16 if self.fast else torch.float32)
            bias = bias.masked_fill(padding, float("-inf"))[:, None, None, :]
        states = self.norm(self.word(ids) + self.position.weight[: ids.shape[1]])
        states = self.dropout(states)
        weights = functional.softmax(self.mix, dim=0)
        mixed: Tensor = weights[0] * states
        for weight, layer in zip(weights[1:], self.layers, strict=True):
            states = layer(states, bias)
            mixed = mixed + weight * states
        return mixed


class Layer(nn.Module):
    """One layer: attention, then two dense layers, each added to its input and normalised."""

    def __init__(self, width: int, inner: int, heads: int, epsilon: float, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.attend = nn.Linear(width, 3 * width)
        self.join = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width, epsilon)
        self.widen = nn.Linear(width, inner)
        self.narrow = nn.Linear(inner, width)
        self.last_norm = nn.LayerNorm(width, epsilon)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, bias: Tensor | None) -> Tensor:
        """Transform (windows, pieces, width) states; bias: added to the scores of attention."""
        windows, pieces, width = states.shape
        split = self.attend(states).view(windows, pieces, 3, self.heads, width // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        # In bfloat16 this is several times as fast, backwards, as PyTorch's own function for it.
        scores = (query * (width // self.heads) ** -0.5) @ key.transpose(-1, -2)
        seen = functional.softmax(scores if bias is None else scores + bias, dim=-1, dtype=scores.dtype) @ value
        joined = self.join(seen.transpose(1, 2).reshape(windows, pieces, width))
        states = self.norm(states + self.dropout(joined))
        states = states + self.dropout(self.narrow(functional.gelu(self.widen(states))))
        normal: Tensor = self.last_norm(states)
        return normal


def pretrained(checkpoint: Checkpoint, rows: Ints, *, dropout: float, fast: bool) -> Encoder:
    """Return an encoder with the weights of a checkpoint, of its pieces those in `rows` alone."""
    tensors = checkpoint.tensors
    sizes = {
        "pieces": len(rows),
        "positions": len(tensors["emb.pos"]),
        "width": checkpoint.width,
        "inner": len(tensors["l0.fi.w"]),
        "depth": checkpoint.depth,
        "heads": checkpoint.heads,
        "epsilon": checkpoint.epsilon,
    }
    encoder = Encoder(sizes, dropout, fast)
    state = {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in _state(checkpoint, rows)}
    encoder.load_state_dict({**encoder.state_dict(), "mix": _mostly_last(checkpoint.depth), **state})
    return encoder


def _state(checkpoint: Checkpoint, rows: Ints) -> Iterator[tuple[str, Any]]:
    """Yield the parameters of `Encoder` from the tensors of a checkpoint; its one type of segment is added to all."""
    tensors = checkpoint.tensors
    yield "word.weight", checkpoint.embedding(rows)
    yield "position.weight", tensors["emb.pos"] + tensors["emb.type"][0]
    yield from _pair("norm", tensors, "emb.ln")
    for number in range(checkpoint.depth):
        old, new = f"l{number}", f"layers.{number}"
        for kind, name in (("w", "weight"), ("b", "bias")):
            yield f"{new}.attend.{name}", np.concatenate([tensors[f"{old}.{part}.{kind}"] for part in "qkv"])
        for ours, theirs in (
            ("join", "ao"),
            ("norm", "aln"),
            ("widen", "fi"),
            ("narrow", "fo"),
            ("last_norm", "oln"),
        ):
            yield from _pair(f"{new}.{ours}", tensors, f"{old}.{theirs}")


def _pair(ours: str, tensors: Mapping[str, Any], theirs: str) -> Iterator[tuple[str, Any]]:
    yield f"{ours}.weight", tensors[f"{theirs}.w"]
    yield f"{ours}.bias", tensors[f"{theirs}.b"]


def _mostly_last(depth: int) -> Tensor:
    """Return the logits of the first mixture: nearly all of the last layer, which is what pretraining made."""
    return torch.tensor([0.0] * depth + [6.0])


def _groups(lengths: list[int]) -> Iterator[list[int]]:
    """Yield the numbers of windows in groups of like length, none of more than `_GROUP` padded pieces."""
    group: list[int] = []
    for number in sorted(range(len(lengths)), key=lambda n: lengths[n]):
        length = lengths[number]
        if group and ((len(group) + 1) * length > _GROUP or length > _LIKE * lengths[group[0]] + _NEAR):
            yield group
            group = []
        group.append(number)
    yield group


def _padded(rows: list[Ints]) -> Tensor:
    ids = np.full((len(rows), max(map(len, rows))), PAD)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = row
    return torch.from_numpy(ids)
