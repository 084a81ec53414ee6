"""Invented marked-up sentences, and documents and pipelines out of them, for the tests of relations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from thinc.api import fix_random_seed

from liwa.records import Gold
from liwa.scheme import load_scheme
from liwa.training.docs import annotate
from liwa.training.relations.pipe import RelationExtractor
from tests.gold import gold

SENTENCES = (
    "شكر [العميد](RANK 1) [راكان الشمري](PERSON HOLDS_RANK:1) أهالي الحي على صبرهم.",
    "وصل قائد [اللواء 12](UNIT 1) [العقيد الركن](RANK 2) [نضال الكبيسي](PERSON HOLDS_RANK:2 COMMANDS:1) فجرا.",
    "قال [سهيل التميمي](PERSON COMMANDS:1)، قائد [قوة السهل](UNIT 1)، إن الحقول آمنة.",
    "أعلن المتحدث باسم [قيادة الشاطئ](UNIT 1) [المقدم](RANK 2) [هشام الزبن](PERSON HOLDS_RANK:2 SERVES_IN:1) ذلك.",
    "حضر نائب قائد [الفوج السابع](UNIT 1) [الرائد](RANK 2) [ليث الحسبان](PERSON HOLDS_RANK:2 SERVES_IN:1) حفل المدرسة.",
    "يتمركز [السرب 21](UNIT BASED_AT:1) في [قاعدة الواحة الجوية](BASE 1) منذ الصيف.",
    "شهدت [قاعدة الواحة الجوية](BASE 1) التابعة ل[لقوات الجوية](UNIT BASED_AT:1) يوما مفتوحا.",
    "تدرب [اللواء 30](UNIT PART_OF:1) التابع ل[لفرقة الخامسة](UNIT 1) على الإسعاف.",
    "تضم [الفرقة الخامسة](UNIT 1) [اللواء 30](UNIT PART_OF:1) و[اللواء 31](UNIT PART_OF:1) معا.",
    "عُين [عدنان](PERSON COMMANDS:1 SUCCEEDS:2) قائدا ل[لواء الجبل](UNIT 1) خلفا ل[غسان الدليمي](PERSON 2 COMMANDS:1).",
    "تقاعد [غسان الدليمي](PERSON 1) وخلفه [عدنان الراوي](PERSON SUCCEEDS:1) في المنصب.",
    "لا علاقة بين [كريم الجنابي](PERSON) و[الكتيبة 4](UNIT) في هذا الخبر.",
    "زار وفد من [حرس الجسور](UNIT) [معسكر الزيتون](BASE) يوم الأحد.",
    "نفت الوزارة تعيين [ثامر البدري](PERSON) قائدا ل[قوة السهل](UNIT).",
    "كان [سعد الربيعي](PERSON HOLDS_RANK:1) يومها برتبة [نقيب](RANK 1) لا أكثر.",
    "رابطت قوة من [الجيش](UNIT BASED_AT:1) في [معسكر الزيتون](BASE 1) ليلا.",
    "التقى [الفريق](RANK 1) [حازم](PERSON HOLDS_RANK:1) و[اللواء](RANK 2) [بدر العنزي](PERSON HOLDS_RANK:2) أمس.",
    "خدمت [ندى الخوري](PERSON SERVES_IN:1) في [الشرطة](UNIT 1) عشر سنوات.",
    "أثنت الصحيفة على [رامي حداد](PERSON) وحده.",
    "قصفت [كتيبة الرعد](UNIT) [معسكر الزيتون](BASE) ثم انسحبت.",
    "انضمت [كتيبة الرعد](UNIT PART_OF:1) إلى [لواء الجبل](UNIT 1) العام الماضي.",
    "يقود [ماهر السعدون](PERSON COMMANDS:1) [الكتيبة 4](UNIT 1) منذ عامين.",
    "أعلنت [القيادة العامة](UNIT PART_OF:1) ل[لقوات المسلحة](UNIT 1) العفو عن المتأخرين.",
    "[اللواء](RANK 1) [فؤاد البكري](PERSON HOLDS_RANK:1) يفتتح المعرض.",
    "مطر على الساحل ولا أخبار عن المدرسة.",
    "يعمل [جبران ملحم](PERSON SERVES_IN:1) مستشارا لقائد [الفوج السابع](UNIT 1) منذ شهر.",
    "أصيب [العريف](RANK 1) [أنس مطر](PERSON HOLDS_RANK:1 SERVES_IN:2) من [الكتيبة 4](UNIT 2) بجروح.",
    "سيطرت [قوة السهل](UNIT BASED_AT:1) على [قاعدة المنارة](BASE 1) صباحا.",
    "تعمل [وحدة الغوص](UNIT PART_OF:1) بإمرة [قيادة الشاطئ](UNIT 1) حتى الربيع.",
    "حل [باسم الطائي](PERSON SUCCEEDS:1) محل [سعد الربيعي](PERSON 1) في رئاسة النادي.",
    "تدير [القوات الجوية](UNIT BASED_AT:1) [قاعدة المنارة](BASE 1) وتفتحها للزوار.",
    "وزع [النقيب](RANK 1) [ليث الحسبان](PERSON HOLDS_RANK:1) الجوائز، وشكر [أنس مطر](PERSON) الحضور.",
    "هنأ الرئيس [فارس النعيمي](PERSON) [القوات المسلحة](UNIT) بعيدها.",
    "نقل [السرب 21](UNIT BASED_AT:2) من [قاعدة الواحة الجوية](BASE) إلى [قاعدة المنارة](BASE 2) أمس.",
    "ودع [بدر العنزي](PERSON 1) زملاءه بحضور خليفته [حازم الصفدي](PERSON SUCCEEDS:1).",
    "قال زعيم [حركة النهر](UNIT 1) [أبو سيف](PERSON COMMANDS:1) إن أنصاره عادوا إلى بيوتهم.",
)

Plain = set[tuple[str, str, str]]
"""Relations as the texts of head and child and the type."""


def blank() -> Language:
    """Return a pipeline without components that carries liwa's scheme."""
    nlp = spacy.blank("ar", config={"nlp": {"tokenizer": {"@tokenizers": "liwa.ArabicTokenizer.v1"}}})
    nlp.meta["liwa"] = {"scheme": load_scheme().to_dict(), "unit": "paragraph"}
    return nlp


def with_relations(**settings: object) -> tuple[Language, RelationExtractor]:
    """Return a pipeline with a relation component that is not yet initialized."""
    nlp = blank()
    pipe = nlp.add_pipe("relations", config=settings)
    assert isinstance(pipe, RelationExtractor)
    return nlp, pipe


def reference(nlp: Language, marked: str | Gold) -> Doc:
    """Return a document with what its marks say."""
    part = marked if isinstance(marked, Gold) else gold(marked)
    doc = nlp.make_doc(part.text or "")
    assert not annotate(doc, part)
    return doc


def examples(nlp: Language, marked: Iterable[str | Gold] = SENTENCES) -> list[Example]:
    """Return examples whose predicted side knows nothing."""
    references = [reference(nlp, one) for one in marked]
    return [Example(nlp.make_doc(doc.text), doc) for doc in references]


def trained(nlp: Language, data: Sequence[Example], steps: int = 40) -> Language:
    """Train on all examples at once for some steps."""
    fix_random_seed(0)
    optimizer = nlp.initialize(lambda: data)
    for _ in range(steps):
        nlp.update(data, sgd=optimizer)
    return nlp


def plain(links: Iterable[tuple[spacy.tokens.Span, spacy.tokens.Span, str]]) -> Plain:
    """Return relations in a form that documents have in common."""
    return {(head.text, child.text, kind) for head, child, kind in links}
