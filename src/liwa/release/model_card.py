"""The card of a model: what it finds, how well, what it was trained on, and under which licence it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from liwa.release import licences
from liwa.release.about import About
from liwa.scoring.scorefile import KINDS, ScoreFile
from liwa.tables import markdown, percent


@dataclass(frozen=True)
class Model:
    """What a packaged model is: its name and version, its licence, and what is known of it.

    package: how it is installed and loaded. labels, relations: those it finds. trained_on: how many articles have which
    licence. words: of training text. about: who made the corpus, where that is known. scores: None if not measured.
    """

    package: str
    version: str
    requirement: str
    licence: str
    labels: Sequence[str]
    relations: Sequence[str]
    trained_on: Counter[str]
    words: int
    fingerprint: str
    about: About | None = None
    scores: ScoreFile | None = None

    @property
    def description(self) -> str:
        """What it finds, in a line."""
        relations = f", and relations ({', '.join(self.relations)})" if self.relations else ""
        return f"Spans ({', '.join(self.labels)}){relations} in Arabic news"


def card(model: Model) -> str:
    """Return the card as Markdown."""
    sections = [_use(model), _scores(model), _training(model), _licence(model)]
    return "\n".join("\n".join(lines) + "\n" for lines in sections)


def sources(model: Model) -> str:
    """Return what the model is derived from, as the licences of its training texts want it said."""
    lines = [f"{model.package} {model.version} was trained on annotated articles and is derived from them.", ""]
    for name, count in sorted(model.trained_on.items()):
        known = licences.spdx(name)
        lines.append(f"- {count} articles: {known or name or 'no licence stated'}{_link(known)}")
    if model.about:
        authors = ", ".join(author.name for author in model.about.authors)
        lines += ["", f"Corpus: {model.about.title}, version {model.about.version}, by {authors}. {model.about.url}"]
    lines += ["", "Changes: weights were fitted to the texts and their annotation; no article is contained."]
    return "\n".join(lines).rstrip() + "\n"


def licence_text(model: Model) -> str:
    """Return the statement of the model's licence."""
    known = licences.spdx(model.licence)
    where = f"\nIts text: {licences.url(known)}\n" if known else ""
    return f"{model.package} {model.version} is under {model.licence}.\n{where}\n{sources(model)}"


def _link(known: str) -> str:
    return f", {licences.url(known)}" if known else ""


def _use(model: Model) -> Iterator[str]:
    yield f"# {model.package} {model.version}\n"
    yield f"{model.description}. A spaCy pipeline.\n"
    yield f"## Use\nIt needs {model.requirement}, which has its tokenizer and components.\n"
    yield f'```python\nimport spacy\n\nnlp = spacy.load("{model.package}")\ndoc = nlp("...")\nprint(doc.ents)\n```'


def _scores(model: Model) -> Iterator[str]:
    yield "## Scores"
    if model.scores is None:
        yield "It was not measured."
        return
    settings = model.scores.data.get("settings") or {}
    yield (
        f"On {model.scores.data.get('articles')} held-out articles (test set {model.scores.test or 'not stated'}), in "
        "percent; intervals of 95 % by a bootstrap over articles."
    )
    for kind in KINDS:
        if table := model.scores.table(kind):
            yield f"\n{kind.capitalize()}{', end to end' if kind == 'relations' else ''}:\n"
            head = [kind, "precision", "recall", "F1", "95 %", "support"]
            yield from markdown(head, ([name, *_rates(rates)] for name, rates in table.items()))
    versions = ", ".join(f"{name} {number}" for name, number in (settings.get("versions") or {}).items() if number)
    yield f"\nMeasured with {versions}." if versions else ""


def _rates(rates: Mapping[str, Any]) -> list[str]:
    low, high = rates.get("f1_interval") or (None, None)
    interval = "n/a" if low is None or high is None else f"{percent(low)}–{percent(high)}"
    support = rates.get("support")
    values = [percent(rates[key]) for key in ("precision", "recall", "f1")]
    return [*values, interval, "" if support is None else f"{support:,}"]


def _training(model: Model) -> Iterator[str]:
    yield "## Training data"
    yield (
        f"{model.trained_on.total()} articles, {model.words:,} words (fingerprint {model.fingerprint}). The package "
        "holds no article; its vocabulary lists words of them, and its record of what it was trained on is hashed.\n"
    )
    rows = ([name or "not stated", f"{count:,}"] for name, count in sorted(model.trained_on.items()))
    yield from markdown(["licence of the text", "articles"], rows)


def _licence(model: Model) -> Iterator[str]:
    yield f"## Licence\n{model.licence}. `LICENSES_SOURCES` names what it is derived from."
