"""The ids of the articles so far, for more articles than memory holds."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from liwa.corpus.postings import Postings
from liwa.corpus.read import came_before
from liwa.engine.blobs import Blobs
from liwa.engine.store import Logs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BLOCK: Final = 2**16


class Identities:
    """Refuses an id that comes twice. An article takes about 100 bytes in the store."""

    def __init__(self, store: Logs) -> None:
        import numpy as np

        self._articles = Blobs(store, "identities")
        self._numbers = Postings(store.folder, "ids")
        for first in range(0, len(self._articles), _BLOCK):
            block = self._articles.block(first, _BLOCK)
            self._numbers.add(
                _keys([row.split(b"\0")[0] for row in block]), np.arange(first, first + len(block), dtype=np.uint64)
            )

    def __len__(self) -> int:
        return len(self._articles)

    def add(self, articles: Sequence[tuple[str, str]]) -> None:
        """Take the id and ``file:line`` of some articles; LiwaError for an id that was there before."""
        import numpy as np

        rows = [f"{name}\0{where}".encode("utf-8", "surrogatepass") for name, where in articles]
        keys = _keys([row.split(b"\0")[0] for row in rows])
        own = np.arange(len(self), len(self) + len(rows), dtype=np.uint64)
        self._articles.append(rows)
        self._numbers.add(keys, own)
        places, numbers = self._numbers.find(keys)
        earlier = numbers < own[places]
        for place, number in sorted(zip(places[earlier].tolist(), numbers[earlier].tolist(), strict=True)):
            name, where = articles[place]
            before, _, there = self._articles[number].decode("utf-8", "surrogatepass").partition("\0")
            if before == name:  # else two ids of one hash
                raise came_before(name, where, there)


def _keys(ids: Sequence[bytes]) -> NDArray[np.uint64]:
    import numpy as np

    return np.frombuffer(b"".join(blake2b(name, digest_size=8).digest() for name in ids), dtype=np.uint64)
