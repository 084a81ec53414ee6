"""A trained pipeline as a wheel: what `spacy package` makes, with a card, its licence, and liwa among its needs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version as installed
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import srsly

from liwa.annotations.fingerprint import fingerprint
from liwa.annotations.gold import merge, read_gold
from liwa.errors import LiwaError
from liwa.records import Gold
from liwa.release import licences
from liwa.release.about import About
from liwa.release.model_card import Model, card, licence_text, sources
from liwa.scoring.provenance import of_model
from liwa.scoring.scorefile import ScoreFile
from liwa.training.carried import memory_of, scheme_of

if TYPE_CHECKING:
    from spacy.language import Language

_EXTRAS: Final = {"liwa.Encoder.v1": "encoder"}
"""Registered functions that need an extra of liwa."""

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_VERSION: Final = re.compile(r"\d+(\.\d+)*((a|b|rc|\.post|\.dev)\d+)?")


def package(
    model: Path,
    output: Path,
    *,
    rows: Mapping[str, Mapping[str, Any]],
    gold: Sequence[str | Path] | None = None,
    name: str | None = None,
    version: str | None = None,
    scores: ScoreFile | None = None,
    licence: str | None = None,
    about: About | None = None,
) -> Path:
    """Write the wheel of a pipeline into a folder and return its path.

    rows: of manifests, by article, which say the licences. gold: what it was trained on, by default the file that its
    config names. licence: by default that of the texts it was trained on, if they have one. Raises LiwaError where the
    gold is not what the model was trained on, where the scores are another model's, and for a name or a version that
    cannot be a package's.
    """
    nlp = _load(model)
    memory, scheme = memory_of(nlp), scheme_of(nlp)
    if memory is None or scheme is None:
        hint = "Train it with a config of liwa's"
        raise LiwaError("the model does not remember what it was trained on", where=str(model), hint=hint)
    golds = _training_gold(nlp, gold, memory.fingerprint)
    found = Counter(str(rows.get(g.article, {}).get("licence") or g.meta.get("licence") or "") for g in golds)
    if scores:
        _require_scores_of(nlp, memory.fingerprint, scores)
    finds = {label for labels in nlp.pipe_labels.values() for label in labels}
    made = Model(
        package=f"{nlp.lang}_{_named(name or str(nlp.meta['name']), _NAME, 'name')}",
        version=_named(version or str(nlp.meta["version"]), _VERSION, "version"),
        requirement=_requirement(nlp),
        licence=licences.common(found, licence, "the model"),
        labels=[label for label in scheme.labels if label in finds],
        relations=[label for label in scheme.relations if label in finds],
        trained_on=found,
        words=sum(len((g.text or "").split()) for g in golds),
        fingerprint=memory.fingerprint,
        about=about,
        scores=scores,
    )
    return _build(model, made, str(nlp.lang), output)


def _load(model: Path) -> Language:
    import spacy

    try:
        return spacy.load(model)
    except (OSError, ValueError, ImportError) as error:
        found = " ".join(str(error).split())[:200]
        raise LiwaError(f"expected a spaCy pipeline, found {found}", where=str(model), hint="Name a model") from None


def _training_gold(nlp: Language, gold: Sequence[str | Path] | None, expected: str) -> list[Gold]:
    files = gold or [str(nlp.config["paths"].get("train") or "")]
    hint = "Name the gold it was trained on with --gold"
    if not all(str(file) and Path(file).exists() for file in files):
        raise LiwaError("the gold that the model was trained on is not there", where=str(files[0]), hint=hint)
    golds = merge(read_gold(files))
    if (found := fingerprint(golds)) != expected:
        message = f"the model was trained on gold with the fingerprint {expected}, this has {found}"
        raise LiwaError(message, where=str(files[0]), hint=hint)
    return golds


def _require_scores_of(nlp: Language, trained_on: str, scores: ScoreFile) -> None:
    """Refuse scores that are not said to be of a model with this config that was trained on this gold."""
    settings = scores.data.get("settings") or {}
    expected = (of_model(nlp)["config"], trained_on)
    found = (settings.get("config"), (settings.get("data") or {}).get("train"))
    if found != expected:
        message = f"expected scores of config {expected[0]} trained on {expected[1]}, found {found[0]} and {found[1]}"
        raise LiwaError(message, where=scores.name, hint="Run liwa evaluate --format json on this model")


def _named(value: str, pattern: re.Pattern[str], what: str) -> str:
    if not pattern.fullmatch(value):
        example = "news_small" if what == "name" else "1.0.0"
        raise LiwaError(f"expected a package's {what}, found {value!r}", hint=f"Write it as in --{what} {example}")
    return value


def _requirement(nlp: Language) -> str:
    from spacy.util import get_minor_version_range

    functions = {str(value) for value in _values(nlp.config)}
    extras = ",".join(sorted({extra for name, extra in _EXTRAS.items() if name in functions}))
    return f"liwa{f'[{extras}]' if extras else ''}{get_minor_version_range(installed('liwa'))}"


def _values(section: Any) -> Iterable[Any]:
    for value in section.values():
        yield from _values(value) if isinstance(value, Mapping) else (value,)


def _build(model: Path, made: Model, lang: str, output: Path) -> Path:
    """Package a copy of a pipeline that says what the package is, and move the wheel into the output folder."""
    from spacy.cli.package import package as spacy_package

    with tempfile.TemporaryDirectory(prefix="liwa-") as folder:
        work = Path(folder)
        shutil.copytree(model, work / "model")
        _describe(work / "model", made, lang)
        _run_quietly(spacy_package, work / "model", work, create_sdist=False, create_wheel=False, silent=True)
        wheel = _wheel(work / f"{made.package}-{made.version}")
        try:
            output.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(wheel, target := output / wheel.name)
        except OSError as error:
            hint = "Name a writable folder"
            raise LiwaError(f"cannot write: {error.strerror}", where=str(output), hint=hint) from None
    return target


def _describe(folder: Path, made: Model, lang: str) -> None:
    """Write card, licence and meta into a pipeline's folder, from where `spacy package` takes them."""
    meta = srsly.read_json(folder / "meta.json")
    authors = ", ".join(author.name for author in made.about.authors) if made.about else ""
    told = {
        "name": made.package.removeprefix(f"{lang}_"),
        "version": made.version,
        "description": made.description,
        "license": made.licence,
        "author": meta.get("author") or authors,
        "url": meta.get("url") or (made.about.url if made.about else ""),
        "requirements": sorted({*meta.get("requirements", ()), made.requirement}),
        "sources": [{"name": f"{count} articles", "license": name} for name, count in sorted(made.trained_on.items())],
    }
    srsly.write_json(folder / "meta.json", meta | told)
    for name, text in (("README.md", card(made)), ("LICENSE", licence_text(made)), ("LICENSES_SOURCES", sources(made))):
        (folder / name).write_text(text, encoding="utf-8")


def _run_quietly(function: Any, *args: Any, **options: Any) -> None:
    """Call a function of spaCy's command line, which would end the process where it fails, and leaves files open."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            function(*args, **options)
    except SystemExit:
        raise LiwaError(
            "spacy package could not package the model", hint="Run spacy package on it to see why"
        ) from None


def _wheel(source: Path) -> Path:
    """Build the wheel of a folder with a setup.py, with setuptools, which spaCy needs anyway, and without a network."""
    command = [sys.executable, "setup.py", "--quiet", "bdist_wheel"]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)
    wheels = list((source / "dist").glob("*.whl"))
    if done.returncode or not wheels:
        said = (done.stderr.strip().splitlines() or ["no wheel"])[-1]
        raise LiwaError(f"the wheel could not be built: {said}", hint="Run pip install 'setuptools>=70.1'")
    return wheels[0]
