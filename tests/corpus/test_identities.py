from __future__ import annotations

from pathlib import Path

import pytest

from liwa.corpus.identities import Identities
from liwa.engine.store import InMemory, Store
from liwa.errors import LiwaError


def test_an_id_comes_once(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    first = Identities(store)
    for n in range(0, 100, 10):
        first.add([(f"a{k}", f"x:{k}") for k in range(n, n + 10)])
    store.commit({})
    store.close()
    store = Store(tmp_path / "store", resume=True)
    again = Identities(store)
    assert len(again) == 100
    again.add([("b", "y:1"), ("a100", "y:2")])
    with pytest.raises(LiwaError, match=r"^y:4: the article id a42 was read before, from x:42"):
        again.add([("c", "y:3"), ("a42", "y:4"), ("a1", "y:5")])
    store.close()


def test_in_one_batch() -> None:
    with pytest.raises(LiwaError, match=r"^x:3: the article id é was read before, from x:1"):
        Identities(InMemory()).add([("é", "x:1"), ("", "x:2"), ("é", "x:3")])
