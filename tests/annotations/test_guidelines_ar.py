"""The Arabic edition of the guidelines demands what the English one demands, as far as a program can tell.

Only the prose may differ. The fenced examples carry no remarks in English, so that they are equal byte for byte.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from liwa.scheme import load_scheme

ANNOTATIONS = Path(__file__).parents[2] / "annotations"
ENGLISH, ARABIC = "GUIDELINES.md", "GUIDELINES.ar.md"
VERSION = re.compile(r"^(?:Version|الإصدار): (\S+)$", re.MULTILINE)
HEADED = re.compile(r"(?:البند )?([A-Z]+\d+)\. ")
RULE = re.compile(r"(?<![A-Za-z])[A-Z]{1,2}\d+")
NAME = re.compile(r"(?<![A-Za-z])[A-Z][A-Z_]+(?![A-Za-z\d])")
RULED = re.compile(r"(?:ruled|قُرِّر) (?:in |في )?(here|هنا|1\.1)")
BARE = re.compile(r"[A-Z\d_,;→ ]+")
CODE = re.compile(r"`[^`]*`")
LETTER = "[\u0621-\u0652\u0670-\u06d3]"
EXAMPLE = re.compile(rf"{LETTER}+(?: (?:{LETTER}+|\d+))*")


@dataclass
class Section:
    """What stands under one heading. blocks: the text of the heading, of each paragraph, list item and cell."""

    level: int = 0
    blocks: list[str] = field(default_factory=list)
    fences: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)

    @property
    def prose(self) -> str:
        return "\n".join(self.blocks)


@cache
def sections(name: str) -> list[Section]:
    """Return a file's sections in order; the Arabic edition without the paragraph that names its source."""
    found = [Section()]
    for token in MarkdownIt("commonmark").enable("table").parse((ANNOTATIONS / name).read_text(encoding="utf-8")):
        if token.type == "heading_open":
            found.append(Section(level=int(token.tag[1:])))
        section = found[-1]
        if token.type == "fence":
            section.fences.append(token.markup + token.info + "\n" + token.content)
        elif token.type == "inline" and not declares_source(token.content):
            section.blocks.append(token.content)
        if token.nesting == 1 or token.type == "fence":
            section.kinds.append(token.type)
    return found


def declares_source(block: str) -> bool:
    return f"annotations/{ENGLISH}" in block


def rules(name: str) -> list[str]:
    headings = [section.blocks[0] for section in sections(name) if section.level == 4]
    return [match[1] if (match := HEADED.match(heading)) else heading for heading in headings]


def mentioned(section: Section) -> Counter[str]:
    return Counter(RULE.findall(CODE.sub("", section.prose)))


def ruled(section: Section) -> Counter[str]:
    return Counter(found.replace("here", "هنا") for found in RULED.findall(section.prose))


def differing(of: Callable[[Section], object]) -> list[tuple[str, object, object]]:
    """Return the sections where the two editions differ in something: the heading and what each has."""
    pairs = zip(sections(ENGLISH), sections(ARABIC), strict=True)
    return [(a.blocks[0] if a.blocks else "", of(a), of(b)) for a, b in pairs if of(a) != of(b)]


def test_both_have_the_same_version() -> None:
    english, arabic = (VERSION.findall((ANNOTATIONS / name).read_text(encoding="utf-8")) for name in (ENGLISH, ARABIC))
    assert english == arabic
    assert len(english) == 1


def test_the_arabic_edition_names_its_source_once() -> None:
    paragraphs = (ANNOTATIONS / ARABIC).read_text(encoding="utf-8").split("\n\n")
    assert [declares_source(paragraph) for paragraph in paragraphs].index(True) == 2  # After the title and the version.
    assert sum(map(declares_source, paragraphs)) == 1


def test_both_have_the_same_headings_and_rules() -> None:
    assert [section.level for section in sections(ENGLISH)] == [section.level for section in sections(ARABIC)]
    assert rules(ENGLISH) == rules(ARABIC)
    assert len(set(rules(ENGLISH))) == len(rules(ENGLISH)) > 100


@pytest.mark.parametrize("kind", ["fence", "tr_open", "td_open", "th_open", "list_item_open"])
def test_a_section_has_as_many_examples_cells_and_items(kind: str) -> None:
    assert any(kind in section.kinds for section in sections(ENGLISH))
    assert differing(lambda section: section.kinds.count(kind)) == []


def test_a_section_has_as_many_paragraphs() -> None:
    assert differing(lambda section: len(section.blocks)) == []


def test_the_examples_are_equal_byte_for_byte() -> None:
    assert differing(lambda section: section.fences) == []
    assert differing(lambda section: CODE.findall(section.prose)) == []


@pytest.mark.parametrize("name", [ENGLISH, ARABIC])
def test_a_rule_that_the_prose_refers_to_exists(name: str) -> None:
    missing = {rule for section in sections(name) for rule in RULE.findall(section.prose)} - set(rules(name))
    assert not missing


def test_a_section_refers_to_the_same_rules_labels_and_decisions() -> None:
    assert differing(mentioned) == []
    assert differing(ruled) == []
    assert differing(lambda section: set(NAME.findall(CODE.sub("", section.prose)))) == []


def test_the_rows_of_a_table_are_about_the_same() -> None:
    """A cell of names or ids alone is the same in both."""
    assert any(BARE.fullmatch(block) for block in sections(ENGLISH)[2].blocks)
    assert differing(lambda section: [block for block in section.blocks if BARE.fullmatch(block)]) == []


def test_every_name_in_capitals_is_the_schemes_or_begins_ids() -> None:
    scheme = load_scheme()
    begins = {re.sub(r"\d", "", rule) for rule in rules(ARABIC)}
    names = {name for section in sections(ARABIC) for name in NAME.findall(CODE.sub("", section.prose))}
    assert names <= {*scheme.labels, *scheme.relations, *begins}


def test_the_arabic_words_of_the_english_prose_are_kept() -> None:
    lost = [
        (english.blocks[0], example)
        for english, arabic in zip(sections(ENGLISH)[1:], sections(ARABIC)[1:], strict=True)
        for example in EXAMPLE.findall(CODE.sub("", english.prose))
        if not re.search(rf"(?<!{LETTER}){re.escape(example)}(?!{LETTER})", arabic.prose)
    ]
    assert lost == []


def test_a_block_that_holds_arabic_runs_from_right_to_left() -> None:
    """A page that takes a block's direction from its first letter shows none scrambled."""
    blocks = [block for section in sections(ARABIC) for block in section.blocks if re.search(LETTER, block)]
    assert [block for block in blocks if first_letter(block) != "AL"] == []


def first_letter(block: str) -> str:
    strong = (unicodedata.bidirectional(character) for character in block)
    return next(kind for kind in strong if kind in ("L", "R", "AL"))
