"""A folder that is a dataset repository of the Hub, whole: Parquet, README, Croissant, scheme, split, checksums."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Final

import srsly

from liwa import jsonl
from liwa.errors import LiwaError
from liwa.release import licences
from liwa.release.about import About
from liwa.release.croissant import Table, croissant
from liwa.release.hub_card import describe, readme
from liwa.release.publication import DEFAULT, Publication
from liwa.scheme import load_scheme

SUMS: Final = "SHA256SUMS"
STANDOFF_ROWS: Final = "standoff.jsonl"

_FOLDERS: Final = {DEFAULT: "data"}
"""Where ``push_to_hub`` puts the files of a configuration, which is a folder of its name for all others."""


def publish(
    published: Publication,
    folder: Path,
    *,
    about: About,
    scheme: Path,
    licence: str | None = None,
    languages: Sequence[str] = ("ar",),
    card: str = "",
) -> list[str]:
    """Write what a dataset repository holds into a folder, and return the names of the files, sorted.

    scheme: its file. licence: of the annotation; by default that of the texts, if they have one. card: a data card,
    which the README ends in. The folder's own files stay, such as ``.git``; those that an earlier publication wrote
    are replaced. Raises LiwaError where a file stands in the way that no publication wrote.
    """
    known = licences.common(published.licences.get(DEFAULT, ()), licence, "the annotation")
    with _staged(folder) as stage:
        tables = list(_write_tables(published, stage))
        if published.rows:
            jsonl.write(stage / STANDOFF_ROWS, published.rows)
        if published.assignments:
            jsonl.write(stage / "split.jsonl", map(asdict, published.assignments))
        shutil.copyfile(scheme, stage / "scheme.toml")
        metadata = croissant(about, known, describe(published, about), languages, tables)
        _write(stage / "croissant.json", srsly.json_dumps(metadata, indent=2) + "\n")
        text = readme(
            published, tables, about=about, licence=known, languages=languages, scheme=load_scheme(scheme), card=card
        )
        _write(stage / "README.md", text)
        names = sorted(str(path.relative_to(stage).as_posix()) for path in stage.rglob("*") if path.is_file())
        _write(stage / SUMS, "".join(f"{_digest(stage / name)}  {name}\n" for name in names))
        _install(stage, folder, [*names, SUMS])
    return [*names, SUMS]


def push(published: Publication, folder: Path, repo: str) -> None:
    """Send a folder that `publish` wrote to a dataset repository of the Hub, and leave there what the folder holds.

    The tables go by ``push_to_hub``, which makes the repository, and all files after them byte for byte, so that the
    checksums hold there too. Raises LiwaError, with what the Hub or the network said, where that fails.
    """
    from huggingface_hub import HfApi

    try:
        for name, data in published.datasets.items():
            data.push_to_hub(repo, config_name=name, data_dir=_FOLDERS.get(name, name))
        stale = [f"{_FOLDERS.get(name, name)}/*" for name in published.datasets]
        HfApi().upload_folder(
            folder_path=folder, repo_id=repo, repo_type="dataset", ignore_patterns=".git*", delete_patterns=stale
        )
    except Exception as error:  # The client passes on whatever its HTTP library raises, and that has changed before.
        said = " ".join(str(error).split())[:200] or type(error).__name__
        hint = "Log in with hf auth login, or set HF_TOKEN, and push again"
        raise LiwaError(f"the Hub did not take it: {said}", where=repo, hint=hint) from None


def require_repo(repo: str) -> None:
    """Raise LiwaError for a name that cannot be a repository's."""
    from huggingface_hub.errors import HFValidationError
    from huggingface_hub.utils._validators import validate_repo_id

    try:
        validate_repo_id(repo)
    except HFValidationError as error:
        said = " ".join(str(error).split())
        raise LiwaError(f"expected a repository's name, found {repo!r}: {said}", hint="Write OWNER/NAME") from None


def _write_tables(published: Publication, stage: Path) -> Iterator[Table]:
    """Write each part of each configuration under the name that ``push_to_hub`` gives it."""
    from pyarrow import parquet

    for config, data in published.datasets.items():
        for part, rows in data.items():
            name = f"{_FOLDERS.get(config, config)}/{part}-00000-of-00001.parquet"
            path = stage / name
            path.parent.mkdir(exist_ok=True)
            parquet.write_table(rows.data.table, path)
            yield Table(config, str(part), name, _digest(path), path.stat().st_size, rows.features)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write(path: Path, text: str) -> None:
    with jsonl.open_output(path) as out:
        out.write(text)


@contextmanager
def _staged(folder: Path) -> Iterator[Path]:
    """Yield a new folder on the same file system."""
    parent = folder.resolve().parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=parent, prefix=f".{folder.name}.") as stage:
            yield Path(stage)
    except OSError as error:
        raise LiwaError(f"cannot write: {error.strerror}", where=str(folder), hint="Name a writable folder") from None


def _install(stage: Path, folder: Path, names: Sequence[str]) -> None:
    """Move files into a folder, and remove those that an earlier publication wrote and this one did not."""
    old = _written_before(folder)
    in_the_way = [name for name in names if (folder / name).exists() and name not in old]
    if in_the_way:
        message = f"{in_the_way[0]} is there, and no earlier publication wrote it"
        raise LiwaError(message, where=str(folder), hint="Name a new folder")
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (stage / name).replace(folder / name)
    for name in {*old} - {*names}:
        (folder / name).unlink(missing_ok=True)
        with suppress(OSError):
            (folder / name).parent.rmdir()


def _written_before(folder: Path) -> set[str]:
    """Return the files that the checksums of a folder name, below it, and the checksums themselves."""
    sums = folder / SUMS
    if not sums.is_file():
        return set()
    names = {line.partition("  ")[2] for line in sums.read_text(encoding="utf-8").splitlines()}
    return {SUMS, *(name for name in names if name and os.pardir not in Path(name).parts and not Path(name).anchor)}
