"""Training through spaCy's own config system: ``liwa train`` and plain ``spacy train`` give the same model."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from liwa.errors import LiwaError
from liwa.resources import resource


def train(
    train: str | Path,
    dev: str | Path,
    *,
    output: str | Path,
    config: str | Path = "small",
    overrides: Mapping[str, Any] | None = None,
    gpu_id: int = -1,
) -> Path:
    """Train a pipeline on gold files and return the folder of the best model.

    config: a spaCy config file, or the name of one that comes with liwa. overrides: dotted settings of the config, as
    in ``{"training.max_steps": 200}``. Writes ``model-best`` and ``model-last`` into output; progress goes to stderr.
    Same versions, machine and seed: same weights.
    """
    from spacy.cli._util import setup_gpu
    from spacy.training.initialize import init_nlp
    from spacy.training.loop import train as train_nlp
    from spacy.util import load_config

    settings = {"paths.train": str(train), "paths.dev": str(dev), **(overrides or {})}
    for path in (settings["paths.train"], settings["paths.dev"]):
        if not Path(path).exists():
            raise LiwaError("there is no such gold file", where=str(path), hint="Run liwa split first")
    Path(output).mkdir(parents=True, exist_ok=True)
    setup_gpu(gpu_id, silent=True)
    loaded = load_config(config_file(config), overrides=settings, interpolate=False)
    nlp = init_nlp(loaded, use_gpu=gpu_id)
    train_nlp(nlp, Path(output), use_gpu=gpu_id, stdout=sys.stderr, stderr=sys.stderr)
    return Path(output) / "model-best"


def config_file(name: str | Path) -> Path:
    """Return the path of a config: a file that exists, or one of liwa's own by its name."""
    own = resource("configs")
    for path in (Path(name), own / f"{name}.cfg"):
        if path.is_file():
            return path
    known = ", ".join(sorted(path.stem for path in own.glob("*.cfg")))
    raise LiwaError("there is no such config", where=str(name), hint=f"Name a file, or one of liwa's own: {known}")


def parse_overrides(words: Sequence[str]) -> dict[str, Any]:
    """Read ``--section.name value`` pairs, as spaCy does; LiwaError for anything else."""
    from spacy.cli._util import parse_config_overrides

    try:
        return dict(parse_config_overrides(list(words), env_var=None))
    except SystemExit:
        raise LiwaError(f"expected --section.name value, found {' '.join(words)}") from None
