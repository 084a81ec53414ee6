"""Croissant metadata of a published dataset, https://docs.mlcommons.org/croissant/docs/croissant-spec.html.

Each Parquet file is a file object with its SHA-256, and a record set of its own, whose fields are the dataset's
features: `mlcroissant` reads the records out of the files beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from liwa.release import licences
from liwa.release.about import About

if TYPE_CHECKING:
    from datasets import Features

VERSION: Final = "1.0"

_TYPES: Final = {"string": "sc:Text", "int64": "cr:Int64", "float64": "sc:Float", "bool": "sc:Boolean"}
_CONTEXT: Final = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


@dataclass(frozen=True)
class Table:
    """A Parquet file: its configuration and part, its path below the dataset's folder, and what is in it."""

    config: str
    part: str
    path: str
    sha256: str
    size: int
    features: Features

    @property
    def name(self) -> str:
        """What its record set is called."""
        return f"{self.config}/{self.part}"


def croissant(about: About, licence: str, description: str, languages: Sequence[str], tables: Sequence[Table]) -> Any:
    """Return the metadata as JSON-ready data."""
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": about.title,
        "description": description,
        "conformsTo": f"http://mlcommons.org/croissant/{VERSION}",
        "citeAs": about.bibtex,
        "creator": [
            {"@type": "sc:Person" if author.person else "sc:Organization", "name": author.name}
            for author in about.authors
        ],
        "datePublished": about.date,
        "version": about.version,
        "license": licences.url(licence) if licences.spdx(licence) else licence,
        "inLanguage": list(languages),
        **({"url": about.url} if about.url else {}),
        **({"keywords": list(about.keywords)} if about.keywords else {}),
        "distribution": [_file(table) for table in tables],
        "recordSet": [_record_set(table) for table in tables],
    }


def _file(table: Table) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": table.path,
        "name": table.path,
        "contentUrl": table.path,
        "contentSize": f"{table.size} B",
        "encodingFormat": "application/x-parquet",
        "sha256": table.sha256,
    }


def _record_set(table: Table) -> dict[str, Any]:
    fields = [_field(table, column, feature, [column]) for column, feature in table.features.items()]
    return {"@type": "cr:RecordSet", "@id": table.name, "name": table.name, "field": fields}


def _field(table: Table, name: str, feature: Any, path: Sequence[str]) -> dict[str, Any]:
    """Return the field of a feature; path: its column, and the names that lead to it inside the column."""
    inner = getattr(feature, "feature", feature)  # of a list, what it is a list of
    field: dict[str, Any] = {"@type": "cr:Field", "@id": f"{table.name}/{'/'.join(path)}", "name": name}
    if inner is not feature:
        field["repeated"] = True
    if isinstance(inner, Mapping):
        return {**field, "subField": list(_fields(table, inner, path))}
    return {**field, "dataType": _TYPES[inner.dtype], "source": _source(table, path)}


def _fields(table: Table, features: Mapping[str, Any], path: Sequence[str]) -> Iterator[dict[str, Any]]:
    for name, feature in features.items():
        yield _field(table, name, feature, [*path, name])


def _source(table: Table, path: Sequence[str]) -> dict[str, Any]:
    column, *inside = path
    source: dict[str, Any] = {"fileObject": {"@id": table.path}, "extract": {"column": column}}
    if inside:
        source["transform"] = {"jsonPath": ".".join(f'"{name}"' for name in inside)}
    return source
