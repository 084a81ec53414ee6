"""Finding the article that gold was annotated in, among texts that the user names, and proving it to the code point."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from liwa.annotations import rules
from liwa.annotations.parse import Parser, Report
from liwa.annotations.standoff import difference, hydrate
from liwa.corpus.read import read_articles
from liwa.errors import LiwaError
from liwa.records import Article, Gold, Range, first_difference, sha256


class Texts:
    """Articles to look up, by id and by SHA-256; all are held in memory."""

    def __init__(self, articles: Iterable[Article] = ()) -> None:
        self._by_id = {article.id: article for article in articles}
        self._by_digest = {article.sha256: article for article in self._by_id.values()}

    @classmethod
    def read(cls, sources: Iterable[str], *, encoding: str = "utf-8") -> Texts:
        """Read folders, .txt, JSONL and what else `read_articles` knows; LiwaError for an id that comes twice."""
        return cls(read_articles(map(str, sources), encoding=encoding))

    def find(self, gold: Gold) -> Article | None:
        """Return the article of gold, by id, else by SHA-256.

        Where the article of that id is another text and a third one has the right SHA-256, that one is taken. What
        is found by id alone is for `attach` to prove.
        """
        named = self._by_id.get(gold.article)
        if named is not None and gold.sha256 in (named.sha256, ""):
            return named
        return self._by_digest.get(gold.sha256, named)


def attach(gold: Gold, article: Article, report: Report) -> Gold | None:
    """Return gold proved against its article: stand-off gold gets the text, an inline passage must stand in it.

    An inline row without SHA-256 gets the article's, its passage being the proof. A text that differs by one code
    point is reported with the place, and gives None.
    """
    parser = Parser(report, gold.where, gold.article)
    if problem := _problem(gold, article):
        message, start = problem
        parser.complain(rules.TEXT_DIFFERS, message, None if start is None else Range(start, start + 1))
        return None
    if gold.text is not None:
        return replace(gold, sha256=article.sha256)
    if gold.end > len(article.text):
        beyond = f"an annotated range ends at {gold.end}, the article at {len(article.text)}"
        parser.complain(rules.BAD_OFFSETS, beyond, gold.ranges[-1])
        return None
    return hydrate(gold, article)


def is_proved(gold: Gold) -> bool:
    """Say whether gold needs no other text to be sure of its own: it holds the whole article of its SHA-256."""
    return gold.text is not None and gold.start == 0 and sha256(gold.text) == gold.sha256


def _problem(gold: Gold, article: Article) -> tuple[str, int | None] | None:
    """Say how an article differs from the annotated one, and at which code point where that is known."""
    same = article.sha256 == gold.sha256
    if gold.text is None:
        return None if same else (difference(gold, article.text), None)
    at = first_difference(gold.text, article.text[gold.start : gold.end])
    if at is not None:
        there, here = (text[at : at + 12] for text in (article.text[gold.start :], gold.text))
        return f"the row has {here!r}, the article has {there!r}", gold.start + at
    if same or not gold.sha256:
        return None
    if is_proved(gold):
        return f"the article goes on after code point {gold.end}", gold.end
    return f"the passage {gold.start}-{gold.end} is the same, but the article has another SHA-256", None


def article_of(gold: Gold, texts: Texts) -> Article:
    """Return the article of gold: out of the texts, or the gold's own text where that is whole; else LiwaError."""
    if article := texts.find(gold):
        return article
    if is_proved(gold):
        return Article(gold.article, gold.text or "")
    message = f"article {gold.article} is not at hand, only a part of it"
    raise LiwaError(message, where=gold.where, hint=rules.TEXT_REQUIRED.hint)
