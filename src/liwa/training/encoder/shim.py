"""The encoder's network inside Thinc: how fast each layer learns, and how the weights are saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import torch
from thinc.api import Optimizer, PyTorchShim

from liwa.training.encoder.network import Encoder
from liwa.training.encoder.pieces import Segmenter


class EncoderShim(PyTorchShim):
    """A `PyTorchShim` whose network is set when it is initialised or loaded, and is saved in half precision.

    settings: ``dropout`` and ``fast`` of the network; ``scale``, by which the learning rate is multiplied in the last
    layer; ``decay``, by which it is multiplied once more in each layer below; ``frozen`` lowest layers.
    """

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__(None, device=torch.device("cpu"))
        self.settings = settings
        self.segmenter = Segmenter([], [])

    def finish_update(self, optimizer: Optimizer) -> None:
        """Let the optimizer change each parameter by its gradient, at the rate of its layer."""
        for name, parameter in self._model.named_parameters():
            if parameter.grad is None:
                continue
            values, gradient = parameter.data.numpy(), parameter.grad.numpy()
            changed, _ = optimizer((self.id, name), values, gradient, lr_scale=self.rate(name))
            parameter.data = torch.from_numpy(changed)
            parameter.grad = None

    @contextmanager
    def use_params(self, params: Mapping[Any, Any]) -> Iterator[None]:
        """Take other values of the parameters for a while: the averages over training that an optimizer keeps."""
        other = {name: found for name, found in self._model.named_parameters() if (self.id, name) in params}
        kept = {name: parameter.data for name, parameter in other.items()}
        for name, parameter in other.items():
            parameter.data = torch.tensor(params[self.id, name])
        yield
        for name, parameter in other.items():
            parameter.data = kept[name]

    def rate(self, name: str) -> float:
        """Return what the learning rate is multiplied by for a parameter; embeddings are below the first layer."""
        depth = self._model.sizes["depth"]
        if name in ("mix", "shift", "stretch"):
            return 1.0
        layer = int(name.split(".")[1]) + 1 if name.startswith("layers.") else 0
        return float(self.settings["scale"] * self.settings["decay"] ** (depth - layer))

    def set(self, network: Encoder, segmenter: Segmenter) -> None:
        """Take a network and what cuts words into its pieces."""
        network.freeze(self.settings["frozen"])
        self._model, self.segmenter = network, segmenter

    def to_bytes(self) -> bytes:
        """Return vocabulary, sizes and weights, these in half precision."""
        saved = {
            "sizes": self._model.sizes,
            "pieces": self.segmenter.pieces,
            "scores": self.segmenter.scores,
            "state": {name: values.to(torch.float16) for name, values in self._model.state_dict().items()},
        }
        file = BytesIO()
        torch.save(saved, file)
        return file.getvalue()

    def from_bytes(self, bytes_data: bytes) -> EncoderShim:
        """Make what `to_bytes` saved."""
        saved = torch.load(BytesIO(bytes_data), weights_only=True)
        network = Encoder(saved["sizes"], self.settings["dropout"], self.settings["fast"])
        network.load_state_dict({name: values.float() for name, values in saved["state"].items()})
        self.set(network, Segmenter(saved["pieces"], saved["scores"]))
        return self
