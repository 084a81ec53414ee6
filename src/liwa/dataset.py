"""Gold as a `datasets.DatasetDict`, for everything that reads Hugging Face datasets; in memory, without a network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from datasets import DatasetDict

from liwa.annotations.gold import read_gold
from liwa.annotations.texts import Texts
from liwa.errors import LiwaError
from liwa.findings import stop
from liwa.formats.huggingface import features, meta_fields, to_dataset, to_golds
from liwa.formats.losses import Losses
from liwa.records import Gold, Span

if TYPE_CHECKING:
    from pandas import DataFrame
    from spacy.language import Language
    from spacy.tokens import Doc

__all__ = ["PARTS", "Corpus", "features", "load"]

PARTS: Final = ("train", "dev", "test")
"""Files of a folder, as ``liwa split`` writes them, that become splits of that name."""

_SPAN: Final = ("start", "end", "label", "text")
_COLUMNS: Final = {
    "rows": ("article", "sha256", "text", "start", "ranges", "spans", "relations"),
    "spans": ("article", *_SPAN),
    "relations": ("article", "label", *(f"{side}_{key}" for side in ("head", "child") for key in _SPAN)),
}


class Corpus(DatasetDict):  # type: ignore[misc]  # datasets has no types
    """A dataset dictionary of gold, with ways into spaCy and pandas; otherwise as any `datasets.DatasetDict`."""

    def to_golds(self) -> dict[str, list[Gold]]:
        """Return the gold of each split; its offsets are those of its article again."""
        return {part: list(to_golds(rows, part, stop)) for part, rows in self.items()}

    def to_spacy(self, nlp: Language | None = None) -> dict[str, list[Doc]]:
        """Return a spaCy document a row for each split: entities, and relations for `liwa.relations_of`.

        Text that was not annotated is masked as missing; ``doc.user_data["liwa"]`` says where a document stands in its
        article. nlp: the pipeline whose tokenizer is used; by default a blank one with liwa's. Raises LiwaError for a
        row without a text, and for a span that no tokens hold.
        """
        tokens = nlp or _blank()
        return {part: [_doc(gold, tokens) for gold in golds] for part, golds in self.to_golds().items()}

    def to_pandas(self, table: Literal["rows", "spans", "relations"] = "rows") -> DataFrame:
        """Return one table over all splits, which the column ``split`` names.

        table: ``rows`` has the columns of the dataset, the meta as columns ``meta.*``; ``spans`` and ``relations`` have
        a line for each, with its article, offsets in that (code points), label, and surface where the text is at hand.
        """
        import pandas

        lines = {"rows": _rows, "spans": _spans, "relations": _relations}[table](self)
        fields = sorted({f"meta.{key}" for data in self.values() for key in data.features["meta"]})
        columns = ["split", *_COLUMNS[table], *(fields if table == "rows" else ())]
        frame: DataFrame = pandas.DataFrame(list(lines), columns=columns)
        return frame


def load(source: str | Path | Sequence[str | Path], *, texts: Iterable[str] | None = None) -> Corpus:
    """Return gold as a dataset dictionary with the features of `features`, one example a row.

    source: a folder with train, dev or test .jsonl, which gives those splits; anything else that `read_gold` reads
    gives the split ``train``. texts: where the articles of stand-off gold are found; without its article a row's text
    is None. Offsets count code points of the example's ``text``, which begins at ``start`` in its article.
    Everything is held in memory; nothing is written to a cache. Raises LiwaError for whatever is wrong with the gold.
    """
    library = Texts.read(texts) if texts is not None else None
    golds = {part: list(read_gold(files, texts=library)) for part, files in _parts(source).items()}
    fields = meta_fields(gold for part in golds.values() for gold in part)
    return Corpus({part: to_dataset(rows, fields, lacking="") for part, rows in golds.items()})


def _parts(source: str | Path | Sequence[str | Path]) -> Mapping[str, Sequence[str | Path]]:
    if not isinstance(source, str | Path):
        return {"train": source}
    files = {part: [Path(source) / f"{part}.jsonl"] for part in PARTS if (Path(source) / f"{part}.jsonl").is_file()}
    return files or {"train": [source]}


def _blank() -> Language:
    import spacy

    return spacy.blank("ar", config={"nlp": {"tokenizer": {"@tokenizers": "liwa.ArabicTokenizer.v1"}}})


def _doc(gold: Gold, nlp: Language) -> Doc:
    from liwa.formats.docbin import to_doc

    if gold.text is None:
        raise LiwaError(f"article {gold.article} has no text", hint="Name the articles with texts=")
    losses = Losses()
    doc = to_doc(gold, nlp.make_doc, losses)
    for loss in losses:
        message = f"{loss.what} {loss.start}-{loss.end} begins or ends inside a token"
        raise LiwaError(message, where=gold.article, hint="Correct the span, or use liwa's tokenizer")
    return doc


def _rows(corpus: Corpus) -> Iterator[dict[str, Any]]:
    for part, data in corpus.items():
        for row in data:
            meta = {f"meta.{key}": value for key, value in row.pop("meta").items()}
            yield {"split": part, **row, **meta}


def _spans(corpus: Corpus) -> Iterator[dict[str, Any]]:
    for part, golds in corpus.to_golds().items():
        yield from ({"split": part, "article": g.article, **_line(g, span)} for g in golds for span in g.spans)


def _relations(corpus: Corpus) -> Iterator[dict[str, Any]]:
    for part, golds in corpus.to_golds().items():
        for gold, (head, child, label) in ((g, link) for g in golds for link in g.relations):
            ends = {**_line(gold, head, "head_"), **_line(gold, child, "child_")}
            yield {"split": part, "article": gold.article, "label": label, **ends}


def _line(gold: Gold, span: Span, prefix: str = "") -> dict[str, Any]:
    text = None if gold.text is None else gold.surface(span)
    return {f"{prefix}{key}": value for key, value in zip(_SPAN, (*span, text), strict=True)}
