"""Groups of articles on a cluster: what two articles share is a key that both have a row for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from liwa.corpus.distributed import SHIFT, band_table, bands_of, buckets_for, pairs
from liwa.corpus.group_files import GroupFiles, Named, Read, name_raw, read_raw
from liwa.corpus.portions import SIZE, Portion
from liwa.corpus.read import Raw
from liwa.corpus.stream import Job
from liwa.engine import cluster
from liwa.engine.outputs import Outputs
from liwa.engine.workers import Care, Lost, Results, attempt

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

_RUN = 2
"""The kind of a row for a run of words; those for bands of articles are 0, of passages 1."""

_BYTES = 10
"""Of input a row, about: most rows are for runs, one a word."""


def run(job: Job, sink: GroupFiles, outputs: Outputs) -> None:
    """Give the sink the names of all articles, and the links between those that share text."""
    cluster.run(partial(_named, job.on_portions(name_raw)), job.portions, sink, outputs, name="groups")
    buckets = buckets_for(len(job.portions) * SIZE // _BYTES)
    keyed = cluster.rows(partial(_rows, job.on_portions(read_raw), buckets), list(enumerate(job.portions)))
    links = cluster.grouped(keyed, "bucket", _links, buckets)
    starts = [0, *accumulate(sink.portions)]
    for row in links.iter_rows():
        sink.link(*(starts[int(number) >> SHIFT] + (int(number) & (2**SHIFT - 1)) for number in row.values()))


def _named(named: Callable[[Portion], Results[Named, Raw]], portion: Portion) -> Results[Named, Raw]:
    done = named(portion)
    found = [one for one in done if not isinstance(one, Lost)]
    whole = Named(
        [article for one in found for article in one.articles], [digest for one in found for digest in one.digests]
    )
    return [whole, *(one for one in done if isinstance(one, Lost))]


def _rows(traits: Callable[[Portion], Results[Read, Raw]], buckets: int, numbered: tuple[int, Portion]) -> pa.Table:
    import pyarrow as pa

    portion, parts = numbered
    tables: list[pa.Table] = []
    first = portion << SHIFT
    for found in traits(parts):
        if isinstance(found, Lost):  # it has a number where its name could be read
            [again] = attempt(name_raw, [found.item], Care(keep_going=True))
            first += not isinstance(again, Lost)
        else:
            tables += _tables(found.traits, first, buckets)
            first += found.traits.count
    return pa.concat_tables(tables)


def _tables(traits: Any, first: int, buckets: int) -> list[pa.Table]:
    def bands(kind: int, sketches: Any, owners: NDArray[np.int64]) -> pa.Table:
        table = band_table(sketches, (owners + first).tolist(), [b""] * len(owners), buckets)
        return _of_kind(kind, table)

    import numpy as np
    import pyarrow as pa

    nothing = pa.array([b""] * len(traits.runs), pa.binary())
    runs = {
        "bucket": (traits.runs % np.uint64(buckets)).astype(np.int64),
        "key": traits.runs,
        "number": (traits.run_owners + first).astype(np.uint64),
        "shingles": nothing,
        "place": nothing,
    }
    return [
        bands(0, traits.articles, traits.article_owners),
        bands(1, traits.passages, traits.passage_owners),
        _of_kind(_RUN, pa.table(runs)),
    ]


def _of_kind(kind: int, table: pa.Table) -> pa.Table:
    import pyarrow as pa

    return table.append_column("kind", pa.array([kind] * len(table), pa.int8()))


def _links(rows: pa.Table) -> pa.Table:
    """Return the numbers of articles that share a key, and text with it."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    kinds = [rows.filter(pc.equal(rows["kind"], kind)) for kind in range(_RUN + 1)]
    found = {pair for table in kinds[:_RUN] for band in bands_of(table) for pair in pairs(band)}
    runs = kinds[_RUN].sort_by([("key", "ascending"), ("number", "ascending")])
    keys, numbers = runs["key"].to_numpy(), runs["number"].to_numpy()
    same = np.flatnonzero(keys[1:] == keys[:-1])
    found.update(zip(numbers[same].tolist(), numbers[same + 1].tolist(), strict=True))
    links = sorted(pair for pair in found if pair[0] != pair[1])
    return pa.table(
        {side: pa.array([link[n] for link in links], pa.uint64()) for n, side in enumerate(("one", "other"))}
    )
