"""The component repeats: the end of a name is found again, of labels whose names come again so."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from liwa.training.repeats import Repeats
from tests.gold import gold

TRAINING = [
    "وصل [سامي الدوري](PERSON) إلى [الفرقة الرابعة](UNIT) ثم غادر [الدوري](PERSON) في الساعة الرابعة.",
    "قال [وليد الجابري](PERSON) في [اللواء الثاني](UNIT) صباح اليوم الثاني: عاد [الجابري](PERSON).",
]


def blank() -> Language:
    nlp = spacy.blank("ar", config={"nlp": {"tokenizer": {"@tokenizers": "liwa.ArabicTokenizer.v1"}}})
    nlp.add_pipe("repeats")
    return nlp


def marked(nlp: Language, text: str) -> Doc:
    one = gold(text)
    doc = nlp.make_doc(one.text or "")
    doc.set_ents([span for s in one.spans if (span := doc.char_span(s.start, s.end, label=s.label)) is not None])
    return doc


def component(nlp: Language) -> Repeats:
    pipe: object = nlp.get_pipe("repeats")
    assert isinstance(pipe, Repeats)
    return pipe


def trained(texts: Iterable[str] = TRAINING) -> Language:
    nlp = blank()
    component(nlp).initialize(lambda: (Example(nlp.make_doc(""), marked(nlp, text)) for text in texts))
    return nlp


def found(nlp: Language, text: str) -> list[tuple[str, str]]:
    return [(e.text, e.label_) for e in component(nlp)(marked(nlp, text)).ents]


def test_it_learns_of_which_labels_ends_come_again() -> None:
    assert component(trained()).repeated == ("PERSON",)
    assert component(trained(["وصل [سامي الدوري](PERSON) ثم عاد سامي، ومنطقة الدوري آمنة."])).repeated == ()


def test_ends_and_whole_names_are_found_again_and_others_are_not() -> None:
    text = "زار [عماد بن حسن الكعبي](PERSON) [الكتيبة الثالثة](UNIT). وأكد الکعبي للمرة الثالثة أن حسن الكعبي لم يعد."
    assert found(trained(), text) == [
        ("عماد بن حسن الكعبي", "PERSON"),
        ("الكتيبة الثالثة", "UNIT"),
        ("الکعبي", "PERSON"),
        ("حسن الكعبي", "PERSON"),
    ]


def test_what_is_covered_stays_as_it_is() -> None:
    text = "زار [ماهر السدرة](PERSON) [قاعدة السدرة](BASE)."
    assert found(trained(), text) == [("ماهر السدرة", "PERSON"), ("قاعدة السدرة", "BASE")]


def test_short_words_and_empty_documents_give_nothing() -> None:
    assert found(trained(), "قال [سامي ع](PERSON) ع") == [("سامي ع", "PERSON")]
    assert found(trained(), "") == []


def test_what_was_learnt_is_saved(tmp_path: Path) -> None:
    nlp = trained()
    nlp.to_disk(tmp_path)
    assert component(spacy.load(tmp_path)).repeated == component(nlp).repeated
    assert component(blank().from_bytes(nlp.to_bytes())).repeated == ("PERSON",)


def test_unannotated_text_says_nothing_against_a_repeat() -> None:
    nlp = blank()
    doc = marked(nlp, TRAINING[0])
    more = marked(nlp, "حضر [هاني المالكي](PERSON) فعاد المالكي")
    more.set_ents(list(more.ents), missing=[more[3:]], default="outside")
    component(nlp).initialize(lambda: [Example(nlp.make_doc(""), d) for d in (doc, more)])
    assert component(nlp).repeated == ("PERSON",)


def test_a_name_that_was_given_with_diacritics_is_found_again_without() -> None:
    text = "زار [عِمادٌ الكَعبيّ](PERSON) المعرض. وأكد الكعبي ذلك."
    assert found(trained(), text) == [("عِمادٌ الكَعبيّ", "PERSON"), ("الكعبي", "PERSON")]
