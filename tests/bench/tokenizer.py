"""Speed against spaCy's own tokenizer, and quality on gold proclitics. Run: ``python -m tests.bench.tokenizer``.

Speed is in whitespace words per second, caches warm, tokens written out as Prodigy dicts; the tokenizers take
turns over the same articles and the best round of each counts.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from liwa.arabic.clitics import proclitic_ends
from liwa.arabic.tokenizer import tokenise
from tests.bench.row import Row

SHARED = Path(__file__).parents[3] / "shared"
CLITICS = frozenset("وفبلكس")
ROUNDS = 7
INVENTED = "وأكد اللواء سامي الراشد أن اللواء 12 مدفعية انسحب من قاعدة «النخيل»، ثم عاد للفريق الأول بالوادي.\n" * 40


@dataclass(frozen=True)
class Word:
    """A written word, its gold proclitics (one code point each), and whether its stem is a proper noun."""

    text: str
    clitics: int
    proper: bool


@dataclass(frozen=True)
class Quality:
    """Shares: split exactly right, of the words split and of those to split; stem found, of all words."""

    precision: float
    recall: float
    boundary_recall: float
    words: int


def _runs(lines: Iterable[str]) -> Iterator[list[list[str]]]:
    """Rows of a CoNLL-U file that are written together; punctuation and foreign script part them."""
    run: list[list[str]] = []
    for line in lines:
        row = line.split("\t")
        written = len(row) == 10 and row[3] not in ("PUNCT", "SYM") and all("ء" <= char <= "ۓ" for char in row[1])
        if written:
            run.append(row)
        if run and (not written or "SpaceAfter=No" not in row[9]):
            yield run
            run = []


def read_pud(path: Path) -> list[Word]:
    """Arabic words of a UD file with separated clitics; prepositions with a pronoun (له) are left out."""
    words = []
    for run in _runs(path.read_text(encoding="utf-8").splitlines()):
        clitics = 0
        while clitics < len(run) - 1 and run[clitics][1] in CLITICS:
            clitics += 1
        stem = run[clitics]
        pronoun_only = stem[3] == "PRON" and len(run) == clitics + 1 and clitics and run[clitics - 1][1] in "بلك"
        if not pronoun_only:
            words.append(Word("".join(row[1] for row in run), clitics, stem[3] == "PROPN"))
    return words


def _quality(words: list[Word]) -> Quality:
    cuts = [(word, proclitic_ends(word.text)) for word in words]
    right = sum(len(ends) == word.clitics > 0 for word, ends in cuts)
    found = sum(word.clitics in (0, *ends) for word, ends in cuts)
    split = sum(bool(ends) for _, ends in cuts)
    return Quality(right / split, right / sum(word.clitics > 0 for word in words), found / len(words), len(words))


def boundary_quality(words: list[Word]) -> dict[str, Quality]:
    """The quality over all words and over proper nouns."""
    return {"all": _quality(words), "proper": _quality([word for word in words if word.proper])}


def tokens_of_text(text: str) -> list[dict[str, Any]]:
    """Our tokens as Prodigy writes them."""
    return [
        {"text": text[start:end], "start": start, "end": end, "id": place, "ws": text.startswith(" ", end)}
        for place, (start, end) in enumerate(tokenise(text))
    ]


def _tokens_of(tokenizer: Callable[[str], Any]) -> Callable[[str], list[dict[str, Any]]]:
    def tokens(text: str) -> list[dict[str, Any]]:
        return [
            {
                "text": token.text,
                "start": token.idx,
                "end": token.idx + len(token),
                "id": token.i,
                "ws": bool(token.whitespace_),
            }
            for token in tokenizer(text)
        ]

    return tokens


def speeds(texts: list[str]) -> dict[str, float]:
    """Words per second of spaCy's tokenizer, of ours as one, and of ours without spaCy."""
    import spacy

    config = {"nlp": {"tokenizer": {"@tokenizers": "liwa.ArabicTokenizer.v1"}}}
    contestants = {
        "spaCy ar": _tokens_of(spacy.blank("ar").tokenizer),
        "liwa in spaCy": _tokens_of(spacy.blank("ar", config=config).tokenizer),
        "liwa tokenise": tokens_of_text,
    }
    seconds = dict.fromkeys(contestants, float("inf"))
    for name, tokens in chain.from_iterable([contestants.items()] * ROUNDS):
        start = time.perf_counter()
        for text in texts:
            tokens(text)
        seconds[name] = min(seconds[name], time.perf_counter() - start)
    words = sum(len(text.split()) for text in texts)
    return {name: words / taken for name, taken in seconds.items()}


def _articles() -> list[str]:
    path = SHARED / "articles" / "news150.jsonl"
    if not path.exists():
        return [INVENTED]
    return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]


def rows() -> Iterator[Row]:
    rates = speeds(_articles())
    work = "tokenizer, in a spaCy pipeline: microseconds a word"
    yield Row(
        work,
        "spaCy's ar tokenizer",
        1e6 / rates["liwa in spaCy"],
        1e6 / rates["spaCy ar"],
        "python -m tests.bench tokenizer",
    )


def main() -> None:
    """Print speeds, their ratios to spaCy's, and the quality where the gold is at hand."""
    rates = speeds(_articles())
    for name, rate in rates.items():
        sys.stdout.write(f"{name:14} {rate:10,.0f} words/s, {rate / rates['spaCy ar']:.2f} of spaCy's speed\n")
    gold = SHARED / "clitics" / "ud_pud_first500.conllu"
    if gold.exists():
        for name, quality in boundary_quality(read_pud(gold)).items():
            sys.stdout.write(f"{name:14} {quality}\n")


if __name__ == "__main__":
    main()
