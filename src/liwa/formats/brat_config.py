"""brat's configuration of a folder of documents, written from a scheme."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from liwa.scheme import RelationType, Scheme

_ANY: Final = "<ENTITY>"
_NAME: Final = re.compile(r"[\w-]+")


def annotation_conf(scheme: Scheme, labels: Iterable[str], kinds: Iterable[str]) -> str:
    """Return annotation.conf: what may be labelled, and with what ends it may be linked.

    labels, kinds: what else occurs; the names among them that brat's configuration can say are allowed everywhere.
    """
    known = [*scheme.labels, *(n for n in labels if n not in scheme.labels and _NAME.fullmatch(n))]
    others = [RelationType(n, head=(_ANY,), child=(_ANY,)) for n in kinds if n not in scheme.relations]
    links = [*scheme.relations.values(), *(kind for kind in others if _NAME.fullmatch(kind.name))]
    relations = (f"{k.name}\tArg1:{'|'.join(k.head)}, Arg2:{'|'.join(k.child)}" for k in links)
    return "\n".join(["[entities]", *known, "", "[relations]", *relations, "", "[events]", "", "[attributes]", ""])


def visual_conf(scheme: Scheme) -> str:
    """Return visual.conf: names for people, colours, and text from right to left."""
    kinds = [*scheme.labels.values(), *scheme.relations.values()]
    names = (f"{kind.name} | {' | '.join(dict.fromkeys(kind.title.values())) or kind.name}" for kind in kinds)
    lines = ["[labels]", *names, "", "[drawing]", *_drawing(scheme), "", "[options]", "Text\tdirection:rtl", ""]
    return "\n".join(lines)


def _drawing(scheme: Scheme) -> Iterator[str]:
    yield "SPAN_DEFAULT\tfgColor:white, bgColor:#888888, borderColor:darken"
    yield "ARC_DEFAULT\tcolor:black, arrowHead:triangle-5"
    yield from (f"{label.name}\tbgColor:{label.colour}" for label in scheme.labels.values())
    yield from (f"{kind.name}\tcolor:{kind.colour}" for kind in scheme.relations.values())
