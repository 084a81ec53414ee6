from __future__ import annotations

from pathlib import Path

import pytest
import spacy

from liwa.errors import LiwaError
from liwa.scheme import load_scheme
from liwa.training.relations.cues import CueBook, holds, load_cues
from liwa.training.relations.rule import RelationRule
from liwa.training.relations.signatures import Signatures
from liwa.training.relations.storage import relations_of
from tests.gold import gold
from tests.training.relations.invented import SENTENCES, blank, plain, reference


@pytest.fixture(scope="module")
def rule() -> RelationRule:
    nlp = blank()
    pipe = nlp.add_pipe("relation_rule")
    assert isinstance(pipe, RelationRule)
    return pipe


def found(rule: RelationRule, marked: str) -> set[tuple[str, str, str]]:
    doc = reference(blank(), marked)
    return plain(rule.relate(doc, doc.ents))


def test_the_cues_that_come_with_liwa_know_the_types_of_its_scheme() -> None:
    assert set(load_cues().types) == set(load_scheme().relations)


def test_it_finds_most_of_what_is_plainly_stated_and_hardly_more(rule: RelationRule) -> None:
    right = [plain(relations_of(reference(blank(), one))) for one in SENTENCES]
    said = [found(rule, one) for one in SENTENCES]
    hits = sum(len(a & b) for a, b in zip(right, said, strict=True))
    assert hits / sum(map(len, right)) > 0.8
    assert hits / sum(map(len, said)) > 0.9


@pytest.mark.parametrize("words", ["نفت الوزارة تعيين", "رفض"])
def test_denials_hold_it_back(rule: RelationRule, words: str) -> None:
    assert found(rule, "عُين [ثامر](PERSON) قائدا ل[لواء الجبل](UNIT)")
    assert not found(rule, f"{words} [ثامر](PERSON) قائدا ل[لواء الجبل](UNIT)")


def test_of_two_the_nearest_is_linked(rule: RelationRule) -> None:
    marked = "زار [نزار](PERSON) المدرسة ثم قال [الهلالي](PERSON) قائد [اللواء 44](UNIT) إن [اللواء](UNIT) يرعاها"
    assert found(rule, marked) == {("الهلالي", "اللواء 44", "COMMANDS")}


def test_it_works_for_any_scheme(tmp_path: Path) -> None:
    cues = '[OWNS]\n[[OWNS.cues]]\nwords = ["يملك*"]\nfirst = "head"\n'
    scheme = (
        '[[labels]]\nname = "P"\n[[labels]]\nname = "T"\n[[relations]]\nname = "OWNS"\nhead = ["P"]\nchild = ["T"]\n'
    )
    (tmp_path / "cues.toml").write_text(cues, encoding="utf-8")
    (tmp_path / "scheme.toml").write_text(scheme, encoding="utf-8")
    nlp = blank()
    paths = {"cues": str(tmp_path / "cues.toml"), "scheme": str(tmp_path / "scheme.toml")}
    nlp.add_pipe("relation_rule", config=paths)
    doc = reference(nlp, gold("[سعد](P) يملكون [دارا](T)"))
    assert plain(relations_of(nlp.get_pipe("relation_rule")(doc))) == {("سعد", "دارا", "OWNS")}
    nlp.to_disk(tmp_path / "model")
    config = {"components.relation_rule.cues": None, "components.relation_rule.scheme": None}
    (tmp_path / "cues.toml").unlink()
    loaded = spacy.load(tmp_path / "model", config=config)
    assert plain(relations_of(loaded.get_pipe("relation_rule")(reference(loaded, "[سعد](P) يملك [دارا](T)")))) == {
        ("سعد", "دارا", "OWNS")
    }


@pytest.mark.parametrize(
    "words, phrase, expected",
    [
        ("قال القائد العام", "قائد عام", True),
        ("قال القائد العام", "العام القائد", False),
        ("قائدها", "قائد", False),
        ("قائدها", "قائد*", True),
        ("قال <UNIT> اليوم", "<UNIT>", True),
        ("", "قال", False),
    ],
)
def test_phrases(words: str, phrase: str, expected: bool) -> None:
    assert holds(words.split(), [phrase]) is expected


@pytest.mark.parametrize(
    "data",
    [{"X": 1}, {"X": {"cues": [{"word": []}]}}, {"X": {"cues": [{"position": "behind"}]}}, {"X": {"cues": [], "n": 1}}],
)
def test_broken_cues_are_errors(data: dict[str, object]) -> None:
    with pytest.raises(LiwaError):
        CueBook.from_dict(data)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LiwaError, match="cannot read the cues"):
        load_cues(tmp_path / "none.toml")


def test_cues_for_types_that_the_scheme_lacks_find_nothing() -> None:
    nlp = blank()
    pipe = nlp.add_pipe("relation_rule")
    assert isinstance(pipe, RelationRule)
    pipe.signatures = Signatures({})
    assert found(pipe, SENTENCES[0]) == set()
