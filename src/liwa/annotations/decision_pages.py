"""Open decisions with their context, for the person who rules: a page apart, because it holds text."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping

from liwa.annotations.decisions import Decision
from liwa.annotations.disagreements import marked, spoken
from liwa.records import Gold

_STYLE = "body{font:1.1rem/1.9 sans-serif;max-width:52rem;margin:auto;padding:1rem}dd{margin:0 0 .6rem}dt{color:#666}"


def to_markdown(decisions: Iterable[Decision], texts: Mapping[str, Gold]) -> str:
    """Return a heading a decision, then what each layer says, in marks. texts: gold with its text, by article."""
    lines = ["# Open decisions"]
    for number, decision in enumerate(decisions, 1):
        lines.append(f"\n## {number}. {_title(decision)}\n")
        lines += (f"- **{layer}**: {said}{_fenced(text)}" for layer, said, text in _voices(decision, texts))
    return "\n".join(lines) + "\n"


def to_html(decisions: Iterable[Decision], texts: Mapping[str, Gold]) -> str:
    """Return the same as a page that needs nothing else."""
    parts = ["<!doctype html><html><head><meta charset=utf-8><title>Open decisions</title>"]
    parts.append(f"<style>{_STYLE}</style></head><body>")
    for number, decision in enumerate(decisions, 1):
        parts.append(f"<h2>{number}. {html.escape(_title(decision))}</h2><dl>")
        for layer, said, text in _voices(decision, texts):
            parts.append(f"<dt>{html.escape(f'{layer}: {said}')}</dt><dd dir=rtl>{html.escape(text)}</dd>")
        parts.append("</dl>")
    return "\n".join([*parts, "</body></html>"]) + "\n"


def _title(decision: Decision) -> str:
    place = f"{decision.question['article']}@{decision.range.start}-{decision.range.end}"
    return f"{place} {decision.question['kind']}"


def _voices(decision: Decision, texts: Mapping[str, Gold]) -> Iterator[tuple[str, str, str]]:
    """Yield for each layer its name, what it says, and the same in marks where the text is at hand."""
    gold = texts.get(str(decision.question["article"]))
    for layer, said in decision.says.items():
        yield layer, ", ".join(map(spoken, said)) or "nothing", marked(gold, said, decision.range) if gold else ""


def _fenced(text: str) -> str:
    return f"\n\n  `{text.replace('`', chr(39))}`" if text else ""
