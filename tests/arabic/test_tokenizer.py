from __future__ import annotations

import pickle
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
import spacy
from hypothesis import example, given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from liwa.arabic.tokenizer import ArabicTokenizer, create_tokenizer, rules_version, tokenise
from tests.bench.tokenizer import boundary_quality, read_pud

CONFIG = {"nlp": {"tokenizer": {"@tokenizers": "liwa.ArabicTokenizer.v1"}}}
SENTENCE = "وأكد اللواء وليد أن القوات انسحبت للفريق «الأول»، ثم عادت للواء 83مدفعية."
TEXTS = st.text(
    alphabet=st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("ولبكفسالداعشأإةىـَ \n\t\u00a0\u200f\u200d،.“”«»'\"_/-#@:٣5a\u0301\U0001f468\ufe0f"),
    )
)


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.blank("ar", config=CONFIG)


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in tokenise(text)]


@pytest.mark.parametrize(
    "marked",
    [
        "ل|داعش",
        "ل|لفريق|“|.",
        "تولر|”|.",
        "لـ|«|الوطن|»",
        "83|مدفعية",
        "مصطفى|_|الكاظمي",
        "قوات|-|نظامية|/|شعبية",
        "كتيبة|F|-|16|ب|مطار",
        "(|و|ب|بغداد|)",
        "‘|ا|’|ب|'|ت|\"|ث",
        "نعم|؟|!|؛|،|٪|•|#|@",
        "و|999",
        "12.5",
        "١٢٫٥",
        "1,000,000",
        "777,999",
        "15|,|16",
        "2014|/|7",
        "داعش|\u200f|، نعم",
        "و|\u200f|داعش",
        "👨|\u200d|👩",
        "❤️|🇮|🇶",
        "قُوَّات",
        "cafe\u0301",
        "https://example.org/a_b?c=1|،",
        "www.example.org|.",
        "سعيد|@|علي",
        "«|editor@example.org|»",
        "نص|https",
        "ـ|سعيد",
        "سعيد|ــ نعم",
        "ولـ نعم",
        "1436|هـ",
        "قاعدة|النخيل",
        "قاعدةً|ـ|النخيل",
        "ســعيد",
        "ا|\n\n|ب",
    ],
)
def test_boundaries(marked: str) -> None:
    assert words(marked.replace("|", "")) == [word for part in marked.split(" ") for word in part.split("|")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" ", [" "]),
        ("   ", ["   "]),
        ("نعم ", ["نعم"]),
        ("نعم  ", ["نعم", " "]),
        ("نعم   لا", ["نعم", "  ", "لا"]),
        (" نعم", [" ", "نعم"]),
        ("نعم \n لا", ["نعم", "\n", "لا"]),
        ("نعم\u00a0لا", ["نعم", "\u00a0", "لا"]),
    ],
)
def test_whitespace(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(TEXTS)
@example("a \n \n  b ")
@example("\u0301 \u0301")
def test_the_document_gives_the_text_back_and_has_the_same_tokens(nlp: Language, text: str) -> None:
    doc = nlp.make_doc(text)
    assert doc.text == text
    assert [(token.idx, token.idx + len(token)) for token in doc] == tokenise(text)


@given(TEXTS)
def test_tokens_tile_all_but_single_spaces(text: str) -> None:
    position = 0
    for start, end in tokenise(text):
        assert start < end
        assert text[position:start] in ("", " ")
        assert text[start:end].isspace() or not any(map(str.isspace, text[start:end]))
        position = end
    assert text[position:] in ("", " ")


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters=".,٫٬@/:")))
def test_every_punctuation_mark_and_symbol_is_a_boundary(text: str) -> None:
    starts = {start for start, _ in tokenise(text)}
    for place, char in enumerate(text):
        if unicodedata.category(char)[0] in "PSC" and not char.isspace():
            assert place in starts
            after = text[place + 1 : place + 2]
            assert not after or after == " " or unicodedata.category(after)[0] == "M" or place + 1 in starts


@given(TEXTS, TEXTS)
def test_a_chunk_is_split_alike_wherever_it_stands(first: str, second: str) -> None:
    shifted = [(start + len(first) + 1, end + len(first) + 1) for start, end in tokenise(second)]
    if first and not first.endswith(" ") and second and not second.startswith(" "):
        assert tokenise(f"{first} {second}") == tokenise(first) + shifted


def test_norms(nlp: Language) -> None:
    norms = {token.text: token.norm_ for token in nlp.make_doc(SENTENCE)}
    assert norms["لفريق"] == "الفريق"
    assert norms["لواء"] == "اللواء"
    assert norms["أكد"] == "اكد"
    assert [token.norm_ for token in nlp.make_doc("للبنان لواء ل لواء")] == ["ل", "لبنان", "لواء", "ل", "لواء"]
    assert Doc(nlp.vocab, words=["قیادة"])[0].norm_ == "قيادة"


def test_lexemes_made_before_the_tokenizer_are_normalised() -> None:
    vocab = spacy.blank("ar").vocab
    assert vocab["قیادة"].norm_ == "قیادة"
    ArabicTokenizer(vocab)
    assert vocab["قیادة"].norm_ == "قيادة"


def described(doc: Doc) -> list[tuple[str, str, str]]:
    return [(token.text, token.norm_, token.whitespace_) for token in doc]


def test_round_trips(nlp: Language, tmp_path: Path) -> None:
    expected = described(nlp.make_doc(SENTENCE))
    nlp.to_disk(tmp_path / "model")
    copies = [spacy.load(tmp_path / "model"), spacy.blank("ar", config=CONFIG).from_bytes(nlp.to_bytes())]
    for copy in copies:
        assert described(copy.make_doc(SENTENCE)) == expected
        assert described(copy.make_doc("قیادة")) == [("قیادة", "قيادة", "")]
    pickled: ArabicTokenizer = pickle.loads(pickle.dumps(nlp.tokenizer))
    assert [described(doc) for doc in pickled.pipe([SENTENCE] * 2)] == [expected] * 2


def test_norms_survive_documents_in_bytes_and_other_processes(nlp: Language) -> None:
    doc = nlp.make_doc(SENTENCE)
    other = spacy.blank("ar").vocab
    assert described(Doc(other).from_bytes(doc.to_bytes())) == described(doc)
    stored = DocBin(docs=[doc]).to_bytes()
    assert [described(copy) for copy in DocBin().from_bytes(stored).get_docs(other)] == [described(doc)]
    assert [described(copy) for copy in nlp.pipe([SENTENCE] * 3, n_process=2)] == [described(doc)] * 3


def test_a_memory_zone_leaves_no_stale_strings(nlp: Language) -> None:
    with nlp.memory_zone():
        inside = described(nlp.make_doc("للفرقاطة البحرية"))
    assert described(nlp.make_doc("للفرقاطة البحرية")) == inside


def test_other_rules_are_warned_of(nlp: Language) -> None:
    tokenizer = create_tokenizer()(nlp)
    assert tokenizer.from_bytes(rules_version().encode()) is tokenizer
    with pytest.warns(UserWarning, match="trained with tokenizer rules '0-beef'"):
        tokenizer.from_bytes(b"0-beef")


def test_the_offsets_need_no_spacy() -> None:
    code = "import sys; from liwa.arabic.tokenizer import tokenise; tokenise('لداعش'); sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.shared
def test_proper_nouns_begin_at_a_boundary(shared: Path) -> None:
    quality = boundary_quality(read_pud(shared / "clitics" / "ud_pud_first500.conllu"))
    assert quality["proper"].boundary_recall >= 0.995
    assert quality["all"].precision >= 0.9
    assert quality["all"].recall >= 0.99
    assert quality["proper"].precision >= 0.5


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("مركزالقيادة", ["مركز", "القيادة"]),
        ("وعبدالمنعم", ["و", "عبد", "المنعم"]),
        ("عدالة الجنرال فيدرالية", ["عدالة", "الجنرال", "فيدرالية"]),
    ],
)
def test_an_article_behind_a_letter_that_does_not_join_begins_a_token(text: str, tokens: list[str]) -> None:
    assert [text[start:end] for start, end in tokenise(text)] == tokens
