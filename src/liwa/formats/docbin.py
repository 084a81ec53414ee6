"""spaCy's ``.spacy`` files: a `DocBin` with liwa's tokens, relations and masks, as `liwa.training.docs` makes them.

A document says in its user data, under ``liwa``, where it stands in its article. A file made elsewhere has its entities
read, its relations where they are stored as liwa stores them, and as annotated whatever no token says is missing.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from liwa import jsonl
from liwa.annotations.parse import Parser, Report
from liwa.errors import LiwaError
from liwa.formats import rules
from liwa.formats.base import FEATURES, Format, Settings
from liwa.formats.inline import gold_of, meta_of
from liwa.formats.losses import Losses, without
from liwa.records import Gold

if TYPE_CHECKING:
    from spacy.tokens import Doc

KEY: Final = "liwa"
"""Where a document's user data says what liwa's rows say in their meta."""

_LOST: Final = "it begins or ends inside a token"
_TOKEN: Final = ("TAG", "POS", "DEP", "LEMMA", "MORPH")


def read(path: Path, report: Report) -> Iterator[Gold]:
    """Yield the documents of a file; span groups, categories and token attributes are left out, and noted."""
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    try:
        docs = list(DocBin().from_disk(path).get_docs(Vocab()))
    except (OSError, ValueError, KeyError, TypeError, zlib.error) as error:
        found = " ".join(str(error).split())
        raise LiwaError(f"expected a DocBin, found {found}", where=str(path), hint=rules.BAD_FILE.hint) from None
    for number, doc in enumerate(docs, 1):
        if gold := to_gold(doc, f"{path}:{number}", report):
            yield gold


def write(golds: Iterable[Gold], path: Path, losses: Losses, settings: Settings) -> int:
    """Write a document a gold; spans that tokens cannot hold are lost."""
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    from liwa.arabic.tokenizer import ArabicTokenizer

    tokenizer = ArabicTokenizer(Vocab())
    docs = DocBin(docs=(to_doc(gold, tokenizer, losses) for gold in golds), store_user_data=True)
    docs.to_disk(path)
    return len(docs)


def to_doc(gold: Gold, tokenizer: Callable[[str], Doc], losses: Losses) -> Doc:
    """Return gold that has its text as a spaCy document; spans that its tokens cannot hold are noted as lost."""
    from liwa.training.docs import annotate

    doc = tokenizer(gold.text or "")
    without(gold, dict.fromkeys(annotate(doc, gold), _LOST), losses)
    doc.user_data[KEY] = meta_of(gold)
    return doc


def to_gold(doc: Doc, where: str, report: Report) -> Gold | None:
    """Return a spaCy document as gold; None where its text is empty, which is reported."""
    from liwa.training.docs import relations_of, spans_of

    meta = doc.user_data.get(KEY)
    # A DocBin gives lists back as tuples; JSON knows lists only.
    known = jsonl.parse(jsonl.dumps(meta if isinstance(meta, Mapping) else {"ranges": _annotated(doc)}), where)
    links = [
        {"head_span": r.head._asdict(), "child_span": r.child._asdict(), "label": r.label} for r in relations_of(doc)
    ]
    gold = gold_of(doc.text, known, [s._asdict() for s in spans_of(doc)], links, where=where, report=report)
    for left in _left_out(doc):
        Parser(report, where, gold.article if gold else "").complain(rules.LEFT_OUT, left)
    return gold


def _annotated(doc: Doc) -> list[tuple[int, int]]:
    """Return the runs of tokens whose entity, or lack of one, is known."""
    if not doc.has_annotation("ENT_IOB", require_complete=False):
        return []
    if doc.has_annotation("ENT_IOB", require_complete=True):
        return [(0, len(doc.text))]
    runs = (list(run) for known, run in groupby(doc, key=lambda token: token.ent_iob != 0) if known)
    return [(run[0].idx, run[-1].idx + len(run[-1])) for run in runs]


def _left_out(doc: Doc) -> Iterator[str]:
    """Yield what a document says beyond entities and relations."""
    from liwa.training.relations.storage import ANNOTATED
    from liwa.training.relations.storage import KEY as RELATIONS

    yield from (f"the span group {key}" for key, group in doc.spans.items() if key not in (RELATIONS, ANNOTATED))
    yield from (f"the user data {_name(key)}" for key in doc.user_data if key != KEY)
    yield from (f"the attribute {name} of tokens" for name in _TOKEN if doc.has_annotation(name))
    if doc.cats:
        yield "categories"
    if any(entity.kb_id or entity.ent_id for entity in doc.ents):
        yield "ids of entities"


def _name(key: Any) -> str:
    """Return the name of a custom attribute, or of whatever else is in user data."""
    return str(key[1] if isinstance(key, tuple) and len(key) > 1 else key)


def _guess(head: bytes, path: Path) -> bool:
    """Look for the keys of a DocBin's message behind its compression."""
    try:
        start = zlib.decompressobj().decompress(head, 256)
    except zlib.error:
        return False
    return b"version" in start and b"attrs" in start


FORMAT: Final = Format(
    name="spacy",
    title="spaCy DocBin",
    unit="tokens",
    holds=frozenset(FEATURES) - {"answers", "fields"},
    guess=_guess,
    read=read,
    write=write,
    suffixes=(".spacy",),
)
