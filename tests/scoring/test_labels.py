from __future__ import annotations

import pytest

from liwa.errors import LiwaError
from liwa.scoring.labels import check_common, check_known, labels_of
from tests.gold import gold

ONE, OTHER = gold("[بشار](PERSON) و[الفوج](UNIT)"), gold("[بشار](PER) والفوج")


def test_a_label_that_the_scheme_lacks_is_refused_with_its_place() -> None:
    check_known([ONE], ["PERSON", "UNIT"], side="gold")
    with pytest.raises(LiwaError, match="prediction a@0-4: expected PERSON, UNIT, found PER"):
        check_known([OTHER], ["PERSON", "UNIT"], side="prediction")


def test_two_schemes_without_a_common_label_are_refused() -> None:
    with pytest.raises(LiwaError, match="the gold has PERSON, UNIT, the predictions PER"):
        check_common([ONE], [OTHER])


def test_one_common_label_or_an_empty_side_is_enough() -> None:
    check_common([ONE], [OTHER, ONE])
    check_common([ONE], [gold("خبر")])
    assert labels_of([ONE, OTHER]) == {"PERSON", "UNIT", "PER"}
