"""The corpus reader ``liwa.Gold.v1``: spaCy trains on gold as it lies in the file, with no converted copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from liwa.annotations.gold import read_gold
from liwa.errors import LiwaError
from liwa.progress import say
from liwa.records import Gold, Span
from liwa.training.docs import UNIT, annotate, passages_of

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.training import Example

Reader = Callable[["Language"], Iterator["Example"]]


def create_gold_reader(path: Path, unit: str = UNIT, allow_lost: bool = False) -> Reader:
    """Return spaCy's reader of a gold file or folder, with one example a passage.

    unit: paragraph, sentence or article. allow_lost: go on, after listing them, when spans have no token boundary;
    otherwise that is a LiwaError.
    """

    def read(nlp: Language) -> Iterator[Example]:
        from spacy.training import Example

        lost: list[str] = []
        for gold in read_gold([path]):
            for passage in passages_of(_with_text(gold), unit):
                assert passage.text is not None
                reference = nlp.make_doc(passage.text)
                lost += [_place(passage, span) for span in annotate(reference, passage)]
                yield Example(nlp.make_doc(passage.text), reference)
        _account(lost, allow_lost)

    return read


def _with_text(gold: Gold) -> Gold:
    if gold.text is None:
        raise LiwaError(
            f"article {gold.article} has no text", where=gold.where, hint="Run liwa gold load with --texts first"
        )
    return gold


def _place(gold: Gold, span: Span) -> str:
    return f"{gold.where}: {gold.article}@{span.start}-{span.end} {span.label} has no token boundary"


def _account(lost: list[str], allowed: bool) -> None:
    for line in lost:
        say(line)
    if lost and not allowed:
        raise LiwaError(
            f"{len(lost)} spans have no token boundary and would be lost in training",
            hint="Correct the spans listed above, or set allow_lost = true in the config",
        )
