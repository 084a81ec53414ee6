"""What the page says, in both languages: messages, and for those about a number of things a form for each plural."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

PLURALS: Final = {"en": {"one", "other"}, "ar": {"one", "two", "few", "many", "other"}}
"""The forms that a message has in a language; in Arabic it may have one more, for none."""


def require_both(tables: Mapping[str, Mapping[str, Any]]) -> None:
    """Assert that both languages say all that one of them says, about the same values, each in its letters."""
    assert tables["en"].keys() == tables["ar"].keys()
    for key, english in tables["en"].items():
        arabic = tables["ar"][key]
        for language, message in (("en", english), ("ar", arabic)):
            if not isinstance(message, str):
                assert message.keys() - {"zero"} == PLURALS[language], (language, key)
        assert _values(english) == _values(arabic), key
        for form in _forms(english):
            if re.search("[a-z]{3}", _words(form)):
                assert all(re.search("[\u0621-\u064a]", other) for other in _forms(arabic)), key
        assert all(_forms(english) + _forms(arabic)), key


def _forms(message: Any) -> list[str]:
    return [message] if isinstance(message, str) else list(message.values())


def _values(message: Any) -> set[str]:
    """Return the values that the general form of a message names; the others may say the number in words."""
    general = message if isinstance(message, str) else message["other"]
    named = set(re.findall(r"\{\w+\}", general))
    assert all(set(re.findall(r"\{\w+\}", form)) | {"{n}"} == named | {"{n}"} for form in _forms(message)), message
    return named


def _words(form: str) -> str:
    return re.sub(r"\{\w+\}", "", form)
