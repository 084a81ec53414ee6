"""ANERcorp as a yardstick: its official split as gold rows, and the scores of a model on its whitespace words.

ANERcorp takes clitics into its names and words by white space; the pipelines cut clitics off. So gold begins behind
the clitics of its first word, and a predicted span is widened to the words it touches: nothing else is changed. The
dev part is the end of the training part, from a row on where a document begins: ``DEV``. The files mark no documents,
so intervals are drawn over blocks of 25 neighbouring sentences. What reads further than a sentence, such as an encoder,
takes neighbouring sentences joined to texts of about so many words; scores are of the sentences all the same.

Run: python -m tests.bench.anercorp rows ANERCORP FOLDER [WORDS]    writes train, dev, full (both) and test.jsonl
     python -m tests.bench.anercorp score ANERCORP PART WORDS MODEL...    WORDS 0: sentence by sentence
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from statistics import mean
from typing import Any

import spacy

from liwa import jsonl
from liwa.annotations.rows import to_row
from liwa.arabic.orthography import bare
from liwa.arabic.tokenizer import tokenise
from liwa.records import Gold, Range, Span, sha256

DEV = 3381
BLOCK = 25
CLITICS = frozenset("وفبلكس")
Row = dict[str, Any]
Found = set[tuple[int, int, str]]


def rows(folder: Path, part: str) -> list[Row]:
    """Return the sentences of a part: train, dev, full or test."""
    name = "test" if part == "test" else "train"
    read = [json.loads(line) for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    return {"train": read[:DEV], "dev": read[DEV:]}.get(part, read)


def texts(sentences: Sequence[Row], words: int) -> Iterator[tuple[str, list[tuple[int, Row]]]]:
    """Yield neighbouring sentences, a line each, as texts of about so many words, with where each sentence begins."""
    group: list[Row] = []
    for row in [*sentences, None]:
        if group and (row is None or sum(len(r["tokens"]) for r in [*group, row]) > words):
            begins = accumulate((len(r["text"]) + 1 for r in group[:-1]), initial=0)
            yield "\n".join(r["text"] for r in group), list(zip(begins, group, strict=True))
            group = []
        group += [row] if row else []


def as_gold(text: str, sentences: Sequence[tuple[int, Row]], name: str) -> Gold:
    """Return a text as gold, its spans without the clitics in front."""
    found = (
        (behind_clitics(row["text"], s["start"], s["end"]) + begin, s["end"] + begin, s["label"])
        for begin, row in sentences
        for s in row["spans"]
    )
    return Gold(name, sha256(text), (Range(0, len(text)),), tuple(Span(*s) for s in sorted(found)), text=text)


def behind_clitics(text: str, start: int, end: int) -> int:
    """Return where a span begins when the clitics joined to its first word are left out."""
    tokens = [token for token in tokenise(text) if start <= token[0] < end]
    while len(tokens) > 1 and tokens[0][1] == tokens[1][0] and bare(text[slice(*tokens[0])]) in CLITICS:
        del tokens[0]
    return tokens[0][0]


def gold_words(row: Row) -> Found:
    """Return the gold spans of a sentence in words."""
    return {(s["token_start"], s["token_end"], s["label"]) for s in row["spans"]}


def found_words(row: Row, spans: Sequence[tuple[int, int, str]]) -> Found:
    """Return spans in characters as spans of the words they touch."""
    found = set()
    for start, end, label in spans:
        inside = [n for n, token in enumerate(row["tokens"]) if token["start"] < end and token["end"] > start]
        if inside:
            found.add((inside[0], inside[-1] + 1, label))
    return found


def f1(pairs: Sequence[tuple[Found, Found]]) -> float:
    """Return micro F1 in percent of pairs of gold and found spans."""
    right = sum(len(gold & found) for gold, found in pairs)
    return 200 * right / max(1, sum(len(gold) + len(found) for gold, found in pairs))


def only(pairs: Sequence[tuple[Found, Found]], label: str) -> list[tuple[Found, Found]]:
    """Return the pairs with the spans of one label."""
    return [({s for s in gold if s[2] == label}, {s for s in found if s[2] == label}) for gold, found in pairs]


def interval(pairs: Sequence[tuple[Found, Found]], draws: int = 1000) -> tuple[float, float]:
    """Return the 95 % interval of F1 over blocks of sentences, drawn with replacement."""
    rng = random.Random(0)
    blocks = [pairs[start : start + BLOCK] for start in range(0, len(pairs), BLOCK)]
    drawn = sorted(f1([pair for block in rng.choices(blocks, k=len(blocks)) for pair in block]) for _ in range(draws))
    return drawn[int(0.025 * draws)], drawn[int(0.975 * draws)]


def predictions(model: str, sentences: Sequence[Row], words: int) -> Iterator[tuple[Found, Found]]:
    """Yield gold and found spans of each sentence."""
    joined = list(texts(sentences, words))
    docs = spacy.load(model).pipe((text for text, _ in joined), batch_size=64)
    for (_, group), doc in zip(joined, docs, strict=True):
        for begin, row in group:
            found = [(e.start_char - begin, e.end_char - begin, e.label_) for e in doc.ents]
            yield gold_words(row), found_words(row, found)


def score(folder: Path, part: str, words: int, models: Sequence[str]) -> None:
    """Print F1 of each model, by label and on seen and unseen surfaces, and the mean of the models."""
    sentences, before = rows(folder, part), "train" if part == "dev" else "full"
    known = {row["text"][s["start"] : s["end"]] for row in rows(folder, before) for s in row["spans"]}
    totals = []
    for model in models:
        pairs = list(predictions(model, sentences, words))
        totals.append(f1(pairs))
        low, high = interval(pairs)
        labels = sorted({label for gold, _ in pairs for *_, label in gold})
        print(f"{model} {totals[-1]:.1f} ({low:.1f}-{high:.1f})", *(f"{la} {f1(only(pairs, la)):.1f}" for la in labels))
        print("  recall of seen and unseen surfaces", *(f"{v:.1f}" for v in recalls(sentences, pairs, known)))
    print(f"mean of {len(models)}: {mean(totals):.1f}")


def recalls(sentences: Sequence[Row], pairs: Sequence[tuple[Found, Found]], known: set[str]) -> Iterator[float]:
    """Yield the recall of gold spans whose surface is known from training, then of all others."""
    for wanted in (True, False):
        hits = [
            (s["token_start"], s["token_end"], s["label"]) in found
            for row, (_, found) in zip(sentences, pairs, strict=True)
            for s in row["spans"]
            if (row["text"][s["start"] : s["end"]] in known) is wanted
        ]
        yield 100 * sum(hits) / max(1, len(hits))


def main() -> None:
    """Write rows or print scores."""
    command, folder, target, *rest = sys.argv[1:]
    if command == "score":
        score(Path(folder), target, int(rest[0]), rest[1:])
        return
    for part in ("train", "dev", "full", "test"):
        joined = texts(rows(Path(folder), part), int((rest or ["0"])[0]))
        found = (as_gold(text, group, f"{part}{number}") for number, (text, group) in enumerate(joined))
        jsonl.write(Path(target) / f"{part}.jsonl", map(to_row, found))


if __name__ == "__main__":
    main()
