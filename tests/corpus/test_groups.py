from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from liwa.corpus.groups import LONG_PASSAGE, SHARED_RUN, Groups, groups, traits
from liwa.engine.store import Store
from tests.corpus.invented_texts import changed, text


def test_groups_of_alike_articles_are_closed_and_named_by_the_smallest_id() -> None:
    original = text(1, 120)
    texts = {"c": original, "b": changed(original, 40), "a": text(2, 120), "d": changed(changed(original, 40), 41)}
    assert groups(texts) == {"a": "a", "b": "b", "c": "b", "d": "b"}


def test_a_quoted_run_of_words_groups_two_articles() -> None:
    quote = text(9, SHARED_RUN)
    one, other = f"{text(1, 90)} {quote} {text(2, 90)}", f"{text(3, 90)} {quote} {text(4, 90)}"
    assert groups({"x": one, "y": other}) == {"x": "x", "y": "x"}
    shorter = " ".join(quote.split()[1:])
    assert groups({"x": one, "y": f"{text(3, 90)} {shorter} {text(4, 90)}"}) == {"x": "x", "y": "y"}


def test_an_edited_paragraph_groups_two_articles() -> None:
    statement = text(5, LONG_PASSAGE * 2)
    edited = changed(statement, SHARED_RUN - 4)
    one, other = f"{text(1, 90)}\n{statement}", f"{edited}\n{text(2, 90)}"
    assert groups({"x": one, "y": other}) == {"x": "x", "y": "x"}
    assert groups({"x": one, "y": f"{edited} {text(2, 90)}"}) == {"x": "x", "y": "y"}


def test_groups_of_nothing() -> None:
    assert groups({}) == {}
    assert groups({"a": "", "b": ""}) == {"a": "a", "b": "b"}


def related(count: int) -> dict[str, str]:
    """Return articles of which some quote, edit or repeat others."""
    draw = random.Random(3)
    statements = [text(seed, 30) for seed in range(3 * count)]
    return {
        f"a{n:03}": f"{text(1000 + n, 60)}\n{changed(draw.choice(statements), 14)}\n{draw.choice(statements)}"
        for n in range(count)
    }


def test_neither_order_nor_batches_matter(tmp_path: Path) -> None:
    texts = related(60)
    expected = groups(texts)
    assert 5 < len(set(expected.values())) < 55
    names = random.Random(4).sample(sorted(texts), len(texts))
    store = Store(tmp_path / "store")
    found = Groups(store)
    for first in range(0, 40, 7):
        some = names[first : min(40, first + 7)]
        found.add(some, traits([texts[name] for name in some]))
    store.commit({})
    found.add(["lost"], traits([texts[names[0]]]))
    store.close()
    store = Store(tmp_path / "store", resume=True)
    found = Groups(store)
    found.add(names[40:], traits([texts[name] for name in names[40:]]))
    assert dict(found.names()) == expected
    store.close()


@pytest.mark.shared
def test_groups_of_real_articles(shared: Path) -> None:
    rows = map(json.loads, (shared / "articles" / "news150.jsonl").read_text(encoding="utf-8").splitlines())
    found = groups({row["id"]: row["text"] for row in rows})
    assert found["saudinewsnet-16182"] == found["saudinewsnet-16154"] == "saudinewsnet-16154"
    assert len(set(found.values())) == 122
