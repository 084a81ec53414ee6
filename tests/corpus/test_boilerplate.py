from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from liwa.corpus.boilerplate import LONGEST, PATTERNS, Screen, reason
from liwa.passages import paragraphs

LINES = {
    "no-words": ["* * *", "٢٠١٤ / ٣", "…"],
    "end-mark": ["// انتهـى //", "(يتبع)"],
    "address": [
        "www.example.org/news",
        "تويتر: @liwa_news",
        "البريد الإلكتروني: desk@example.org",
        "a@b.org - c@d.org",
    ],
    "hashtags": ["#لواء_الصحراء #تمرين_الفجر"],
    "tags": ["كلمات مفتاحية: جيش، تدريب", "الوسوم"],
    "contact": ["للتواصل مع الكاتب: desk@example.org", "تبدأ بالرمز (12) ثم مسافة ثم النص", "88000 - Stc"],
    "follow-us": ["تابعونا على تويتر وفيسبوك", "انضم إلى قناتنا على تلغرام لتصلك الأخبار", "تابعنا عبر صفحتنا"],
    "share": ["شارك الخبر على فيسبوك", "طباعة", "انشر هذا المقال"],
    "read-also": ["اقرأ أيضاً: عنوان خبر آخر", "شاهد أيضا", "مواضيع ذات صلة", "المزيد…"],
    "newsletter": [
        "اشترك الآن في نشرتنا البريدية ليصلك جديدنا",
        "للاشتراك في القائمة البريدية",
        "Sign up for our newsletter",
    ],
    "copyright": ["جميع الحقوق محفوظة © لصحيفة المثال 2020", "© 2021 المثال", "حقوق النشر محفوظة"],
    "photo-credit": ["(تصوير: سعيد الحربي)", "عدسة/ ليلى حداد"],
    "source-line": ["المصدر: وكالات", "رابط الخبر بصحيفة المثال: عنوان الخبر"],
    "syndication": ["* خدمة «صحيفة المثال»"],
    "page-furniture": ["Next Previous المثال", "الرئيسية > محليات", "آخر تحديث: 12:30", "3 تعليقات"[:7]],
}

CONTENT = [
    "انتهى التمرين مساء أمس في ميدان الرماية.",
    "تابعنا المباراة مع الجنود في الثكنة حتى نهايتها.",
    "للتواصل مع الأهالي فتح قائد اللواء مكتبا في المدينة.",
    "شارك اللواء الثالث في تمرين الفجر على الساحل.",
    "شارك الموضوع الأمني في رسم جدول الأعمال.",
    "شاهد أيضا عشرات الجنود وهم يعبرون الجسر.",
    "اشترك المذيع في تقديم النشرة الإخبارية من القاعدة.",
    "المصدر: لا نستطيع تأكيد وصول الكتيبة إلى المعسكر.",
    "تصوير المواقع العسكرية ممنوع، بحسب بيان قيادة المنطقة.",
    "طباعة التقرير على نفقة الوزارة",
    "حقوق الجنود محفوظة في القانون الجديد",
    "وصلت الكتيبة. للتفاصيل www.example.org",
    "#لواء_الصحراء",
    "المزيد من الجنود يصلون إلى قاعدة الوادي",
    "صور: افتتاح ثكنة الوادي",
    "العقيد سالم الهاجري",
    "واس",
]


@pytest.mark.parametrize(("why", "line"), [(why, line) for why, lines in LINES.items() for line in lines])
def test_boilerplate_is_named(why: str, line: str) -> None:
    assert reason(line) == why


@pytest.mark.parametrize("line", CONTENT)
def test_content_is_kept(line: str) -> None:
    assert reason(line) is None


def test_every_pattern_has_a_line() -> None:
    assert LINES.keys() == PATTERNS.keys()


def test_a_long_passage_is_kept() -> None:
    assert reason("*" * LONGEST) == "no-words"
    assert reason("*" * (LONGEST + 1)) is None


def test_repeats() -> None:
    screen = Screen()
    headline = "قائد جديد للواء المشاة الثامن"
    lines = [headline, "العميد راشد:", "نص أول طويل من أربع كلمات", "قائد جديد للــواء المشاة  الثامن", "العميد راشد:"]
    assert [screen(line) for line in lines] == [None, None, None, "repeats-headline", None]
    assert screen("نصٌّ أوَّل طويل من أربع كلمات") == "repeats-paragraph"
    assert screen("قائد جديد للواء المشاة التاسع") is None


def test_a_repeat_after_a_long_first_passage_is_no_headline() -> None:
    screen = Screen()
    assert [screen(x) for x in ("طويل " * 60, "نص من أربع كلمات", "نص من أربع كلمات")] == [
        None,
        None,
        "repeats-paragraph",
    ]


@pytest.mark.shared
def test_few_paragraphs_of_real_news_are_rejected(shared: Path) -> None:
    counts: Counter[str | None] = Counter()
    for name in ("antcorpus", "saudinewsnet"):
        with gzip.open(shared / "raw" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            for _, line in zip(range(1000), file, strict=False):
                text = json.loads(line)["text"]
                screen = Screen()
                counts.update(screen(text[r.start : r.end]) for r in paragraphs(text))
    rejected = counts.total() - counts[None]
    assert 0.005 < rejected / counts.total() < 0.05
    assert len(counts) > 6
