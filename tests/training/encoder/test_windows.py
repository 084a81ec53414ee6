"""Windows over pieces."""

from __future__ import annotations

from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from liwa.training.encoder.pieces import BEGIN, END
from liwa.training.encoder.windows import windows

docs = st.lists(st.lists(st.lists(st.integers(4, 99), max_size=4).map(tuple), max_size=20), max_size=5)


@given(docs, st.integers(6, 40), st.integers(0, 3))
def test_every_piece_is_found_where_it_is_said_to_stand(
    pieces: list[list[tuple[int, ...]]], size: int, overlap: int
) -> None:
    laid = windows(pieces, size, overlap)
    tokens = list(chain.from_iterable(pieces))
    assert laid.tokens == len(tokens)
    found = [laid.rows[row][column] for row, column in zip(laid.row, laid.column, strict=True)]
    assert found == list(chain.from_iterable(tokens))
    assert laid.token.tolist() == [number for number, token in enumerate(tokens) for _ in token]
    assert all(len(row) <= size and row[0] == BEGIN and row[-1] == END for row in laid.rows)


def test_a_document_that_fits_is_one_window() -> None:
    assert len(windows([[(5,) * 10]], 12, 4).rows) == 1
    assert len(windows([[(5,) * 11]], 12, 4).rows) == 2


@given(st.integers(13, 200))
def test_a_piece_stands_half_the_overlap_inside_its_window_unless_the_text_ends(length: int) -> None:
    laid = windows([[(number + 4,) for number in range(length)]], 12, 4)
    for piece, (row, column) in enumerate(zip(laid.row, laid.column, strict=True)):
        behind = len(laid.rows[row]) - 2 - column
        assert piece == column - 1 or column - 1 >= 2
        assert piece + behind == length - 1 or behind >= 1
