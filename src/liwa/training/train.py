"""Training through spaCy's own config system: ``liwa train`` and plain ``spacy train`` give the same model."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from liwa.errors import LiwaError
from liwa.resources import resource
from liwa.training.folders import writing

if TYPE_CHECKING:
    from spacy.language import Language


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
    in ``{"training.max_steps": 200}``. Writes ``model-best`` and ``model-last`` into output, when training has ended;
    progress goes to stderr.
    Same versions, machine and seed: same weights.
    """
    from spacy.training.loop import train as train_nlp

    settings = {"paths.train": str(train), "paths.dev": str(dev), **(overrides or {})}
    for path in (settings["paths.train"], settings["paths.dev"]):
        if not Path(path).exists():
            raise LiwaError("there is no such gold file", where=str(path), hint="Run liwa split first")
    with _replaced(Path(output)) as folder, redirect_stdout(sys.stderr):
        nlp = _initialised(config_file(config), settings, gpu_id)
        train_nlp(nlp, folder, use_gpu=gpu_id, stdout=sys.stderr, stderr=sys.stderr)
    return Path(output) / "model-best"


@contextmanager
def _replaced(output: Path) -> Iterator[Path]:
    """Give a folder to write models into; they replace those of the output only when the block ends well."""
    with writing(output):
        folder = Path(tempfile.mkdtemp(dir=output, prefix=".training-"))
    try:
        yield folder
        for model in sorted(folder.iterdir()):
            shutil.rmtree(output / model.name, ignore_errors=True)
            model.replace(output / model.name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _initialised(config: Path, settings: Mapping[str, Any], gpu_id: int) -> Language:
    """Return an initialised pipeline; LiwaError for a config, a setting or a GPU that is not as it should be."""
    from confection import ConfigValidationError
    from spacy.cli._util import setup_gpu
    from spacy.training.initialize import init_nlp
    from spacy.util import load_config

    try:
        setup_gpu(gpu_id, silent=True)
        _require_known(load_config(config, interpolate=False), settings)
        return init_nlp(load_config(config, overrides=dict(settings), interpolate=False), use_gpu=gpu_id)
    except ConfigValidationError as error:
        told = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors or ()]
        problem = "; ".join(told) or str(error.desc)
    except (ValueError, OSError) as error:
        problem = " ".join(str(error).split())
    raise LiwaError(f"cannot train with this config: {problem}", where=str(config), hint="Correct the setting")


def _require_known(config: Mapping[str, Any], settings: Iterable[str]) -> None:
    """Refuse a setting that the config lacks, unless its section is a registered function, which checks its own."""
    known = list(_dotted(config))
    for setting in settings:
        section: Any = config
        for name in setting.split(".")[:-1]:
            section = section.get(name, {}) if isinstance(section, Mapping) else {}
        if setting not in known and not any(str(key).startswith("@") for key in section):
            near = get_close_matches(setting, known, n=1)
            hint = f"Did you mean --{near[0]}?" if near else "Name one of the config's settings"
            raise LiwaError(f"there is no setting --{setting}", hint=hint)


def _dotted(config: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in config.items():
        yield f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from _dotted(value, f"{prefix}{name}.")


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
    from click import ClickException
    from spacy.cli._util import parse_config_overrides

    try:
        with redirect_stdout(sys.stderr):
            return dict(parse_config_overrides(list(words), env_var=None))
    except (SystemExit, ClickException):
        raise LiwaError(f"expected --section.name value, found {' '.join(words)}") from None
