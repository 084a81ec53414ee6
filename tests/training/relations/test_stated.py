from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from liwa.training.relations.cues import FIRST, POSITIONS, Cue, CueBook, TypeCues, holds
from liwa.training.relations.signatures import Signatures
from liwa.training.relations.stated import DENIAL_REACH, Statements

SIGNATURES = Signatures({"OWNS": {"head": ["P"], "child": ["T"]}})

words = st.lists(st.sampled_from(["ا", "ب", "بج", "د", "<T>"]), min_size=2, max_size=14)
phrases = st.lists(st.sampled_from(["ا", "ب*", "ب د", "د ا", "<T>"]), max_size=2).map(tuple)
cues = st.builds(
    Cue,
    words=phrases,
    position=st.sampled_from(POSITIONS),
    reach=st.integers(0, 4),
    window=st.integers(0, 6),
    first=st.sampled_from(FIRST),
    unless=phrases,
)


@given(words, cues, phrases, st.booleans(), st.data())
def test_all_pairs_at_once_say_what_each_says_alone(
    text: list[str], cue: Cue, denials: tuple[str, ...], head_first: bool, data: st.DataObject
) -> None:
    first = data.draw(st.integers(0, len(text) - 2))
    second = data.draw(st.integers(first + 1, len(text) - 1))
    expected = cue.states(text, first, second) and cue.first in ("either", "head" if head_first else "child")
    expected = expected and not holds(text[max(0, first - DENIAL_REACH) : second], denials)
    statements = Statements(CueBook({"OWNS": TypeCues((cue,))}, denials), SIGNATURES)
    places = np.array([[first], [second]])
    legal = np.array([[True], [False]])
    for may in legal:
        stated, present, kinds = statements.of(text, places[0], places[1], np.array([head_first]), may[np.newaxis])
        assert stated.tolist() == [[expected and may[0]]]
        assert present.all() or not stated.any()
        assert kinds.tolist() == [0]


def test_types_that_the_scheme_lacks_are_left_out() -> None:
    book = CueBook({"OTHER": TypeCues((Cue(),)), "OWNS": TypeCues((Cue(),))})
    assert Statements(book, SIGNATURES).kinds.tolist() == [0]
    assert Statements(CueBook({}), SIGNATURES).kinds.tolist() == []
