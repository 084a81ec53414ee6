"""README.md of a dataset for the Hub: YAML that describes it to programs, and what people need to use it.

The keys are those of https://github.com/huggingface/hub-docs/blob/main/datasetcard.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from liwa.release import licences
from liwa.release.about import About
from liwa.release.croissant import Table
from liwa.release.publication import DEFAULT, STANDOFF, Publication
from liwa.scheme import Scheme
from liwa.tables import markdown

_SIZES: Final = ((10**3, "n<1K"), (10**4, "1K<n<10K"), (10**5, "10K<n<100K"), (10**6, "100K<n<1M"))
_SAID: Final = {
    DEFAULT: "articles whose licence lets their text be passed on, with text, spans and relations",
    STANDOFF: "annotation of articles whose text may not be passed on: the same columns, `text` null",
}


def readme(
    published: Publication,
    tables: Sequence[Table],
    *,
    about: About,
    licence: str,
    languages: Sequence[str],
    scheme: Scheme,
    card: str = "",
) -> str:
    """Return the file; licence: of the annotation; card: a data card, which follows at the end."""
    from huggingface_hub import DatasetCardData

    yaml = DatasetCardData(
        pretty_name=about.title,
        language=list(languages),
        license=_licences(published, licence),
        task_categories=["token-classification"],
        task_ids=["named-entity-recognition"],
        size_categories=[_size(published)],
        tags=sorted({"named-entity-recognition", *(["relation-extraction"] if scheme.relations else [])}),
        configs=[_config(name, tables) for name in published.configs],
        dataset_info=[_info(name, published, tables) for name in published.configs],
    ).to_yaml(line_break="\n")
    sections = [_title(published, about), _use(published), _labels(published, scheme), _texts(published, licence)]
    return "\n".join([f"---\n{yaml}\n---\n", *("\n".join(lines) + "\n" for lines in sections), card])


def describe(published: Publication, about: About) -> str:
    """Return what the dataset is, in a sentence or two."""
    golds = [gold for parts in published.configs.values() for some in parts.values() for gold in some]
    spans, relations = sum(len(g.spans) for g in golds), sum(len(g.relations) for g in golds)
    counts = f"{published}: {spans} spans and {relations} relations, offsets in code points."
    return f"{about.abstract or f'{about.title}.'} {counts[0].upper()}{counts[1:]}"


def _licences(published: Publication, licence: str) -> str | list[str]:
    """Return the Hub's names for the licences of what is in the files: the texts and the annotation."""
    texts = published.licences.get(DEFAULT, Counter())
    names = sorted({licences.hub(licences.spdx(name)) for name in [*texts, licence]})
    return names[0] if len(names) == 1 else names


def _size(published: Publication) -> str:
    rows = sum(len(golds) for parts in published.configs.values() for golds in parts.values())
    return next((name for limit, name in _SIZES if rows < limit), "n>1M")


def _config(name: str, tables: Sequence[Table]) -> dict[str, Any]:
    files = [{"split": table.part, "path": table.path} for table in tables if table.config == name]
    return {"config_name": name, "data_files": files, **({"default": True} if name == DEFAULT else {})}


def _info(name: str, published: Publication, tables: Sequence[Table]) -> dict[str, Any]:
    data = published.datasets[name]
    sizes = {part: rows.data.nbytes for part, rows in data.items()}
    features = next(iter(data.values())).features
    return {
        "config_name": name,
        "features": features._to_yaml_list(),
        "splits": [{"name": part, "num_bytes": sizes[part], "num_examples": len(data[part])} for part in data],
        "download_size": sum(table.size for table in tables if table.config == name),
        "dataset_size": sum(sizes.values()),
    }


def _title(published: Publication, about: About) -> Iterator[str]:
    yield f"# {about.title}\n"
    yield f"{describe(published, about)}\n"
    head = ["configuration", "part", "articles", "spans", "relations"]
    yield from markdown(head, _counts(published))
    yield ""
    yield from (f"- `{name}`: {_SAID[name]}." for name in published.configs)


def _counts(published: Publication) -> Iterator[list[str]]:
    for name, parts in published.configs.items():
        for part, golds in parts.items():
            sizes = [len(golds), sum(len(g.spans) for g in golds), sum(len(g.relations) for g in golds)]
            yield [name, part, *(f"{size:,}" for size in sizes)]


def _use(published: Publication) -> Iterator[str]:
    first = next(iter(published.configs))
    named = "" if first == DEFAULT else f', "{first}"'
    yield f'## Use\n```python\nfrom datasets import load_dataset\n\ndata = load_dataset("."{named})\n```'
    yield (
        "`.` is a copy of this folder, or the name of its repository. `start` is where the text begins in its article; "
        "all other offsets count code points from there, `end` exclusive. `ranges` are the parts that were annotated: "
        "what lies outside is unknown, not without names."
    )
    if published.rows:
        yield (
            "\n`standoff.jsonl` has the rows of `standoff` with a fingerprint of each text. Whoever has the texts puts "
            "them together; a text that differs by one code point is refused, with the place:\n"
            "```\nliwa gold load standoff.jsonl --texts YOUR_TEXTS -o gold.jsonl\n```"
        )


def _labels(published: Publication, scheme: Scheme) -> Iterator[str]:
    yield "## Labels"
    golds = {name: [g for some in parts.values() for g in some] for name, parts in published.configs.items()}
    spans = {name: Counter(s.label for g in some for s in g.spans) for name, some in golds.items()}
    links = {name: Counter(r.label for g in some for r in g.relations) for name, some in golds.items()}
    yield from _counted("label", list(scheme.labels), spans)
    if scheme.relations:
        yield ""
        yield from _counted("relation", list(scheme.relations), links)
    yield "\n`scheme.toml` says what they mean and which relations may join which spans."


def _counted(head: str, names: Sequence[str], counts: Mapping[str, Counter[str]]) -> list[str]:
    return markdown([head, *counts], ([name, *(f"{counts[c][name]:,}" for c in counts)] for name in names))


def _texts(published: Publication, licence: str) -> Iterator[str]:
    yield f"## Licence\nThe annotation: {licence}. The articles:\n"
    rows: dict[str, dict[str, int]] = defaultdict(dict)
    for config, found in published.licences.items():
        for name, count in sorted(found.items()):
            rows[name or "not stated"][config] = count
    head = ["licence of the text", *_SAID]
    yield from markdown(head, ([name, *(f"{row.get(c, 0):,}" for c in _SAID)] for name, row in rows.items()))
