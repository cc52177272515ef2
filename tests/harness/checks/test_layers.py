"""Boxes in columns: order of creation from the left, circles cut, places that do not overlap."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from qa.checks.drawing.layers import layers

if TYPE_CHECKING:
    from qa.checks.drawing.layers import Layers

BOX, LINE = 50.0, 10.0
ARROWS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=40, unique=True)


def _laid(count: int, *arrows: tuple[int, int], turned: tuple[tuple[int, int], ...] = ()) -> Layers:
    return layers(count, arrows, box=BOX, line=LINE, turned=turned)


def test_a_box_stands_one_column_right_of_the_last_that_it_needs() -> None:
    found = _laid(4, (1, 0), (2, 1), (2, 0))

    assert [place.column for place in found.boxes] == [0, 1, 2, 0]
    assert {arrow: [place.column for place in way] for arrow, way in found.passed.items()} == {
        (1, 0): [],
        (2, 1): [],
        (2, 0): [1],
    }


def test_of_a_circle_the_arrow_that_is_turned_runs_the_other_way() -> None:
    assert [place.column for place in _laid(3, (0, 1), (1, 2), (2, 0), turned=((1, 2),)).boxes] == [1, 0, 2]


def test_a_box_in_a_line_stands_level_with_what_it_needs() -> None:
    found = _laid(4, (1, 0), (3, 2))

    assert [place.middle for place in found.boxes] == [25.0, 25.0, 75.0, 75.0]
    assert found.height == 100.0


def test_a_chain_of_thousands_is_laid_out() -> None:
    count = 5000
    found = _laid(count, *((index, index - 1) for index in range(1, count)))

    assert [place.column for place in found.boxes] == list(range(count))


@given(arrows=ARROWS)
def test_nothing_overlaps_and_every_arrow_between_columns_is_whole(arrows: list[tuple[int, int]]) -> None:
    found = _laid(12, *arrows)

    places = [*found.boxes, *(place for way in found.passed.values() for place in way)]
    for column in {place.column for place in places}:
        stack = sorted((each for each in places if each.column == column), key=lambda each: each.middle)
        gaps = [
            below.middle - above.middle - (above.height + below.height) / 2
            for above, below in pairwise(stack)
        ]
        assert all(gap > -1e-6 for gap in gaps)
        assert stack[0].middle - stack[0].height / 2 >= -1e-6
        assert stack[-1].middle + stack[-1].height / 2 <= found.height + 1e-6
    for (source, target), way in found.passed.items():
        columns = [found.boxes[source].column, *(place.column for place in way), found.boxes[target].column]
        assert {abs(one - other) for one, other in pairwise(columns)} == {1}
