"""Boxes in columns: what is created first stands left, and arrows cross as little as may be.

Sugiyama's method: take out the arrows that close a circle, give each box a column, let arrows that pass
columns hold a place in each, order the places of each column by those beside it, then move them towards them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_SWEEPS = 6
_MOST_PLACES = 20_000
"""Beyond it arrows pass behind boxes: a drawing of that many lines is not read along them anyway."""


@dataclass(slots=True)
class Place:
    """Where something stands in its column: a box, or an arrow that passes."""

    column: int
    height: float
    """In the caller's unit, with the gap to the next."""
    middle: float = 0.0
    """From the top, in the same unit."""
    beside: dict[int, list[Place]] = field(default_factory=lambda: {-1: [], 1: []}, repr=False)
    """What it is joined to, by the direction of its column."""


@dataclass(frozen=True, slots=True)
class Layers:
    """Places of boxes and of the columns that arrows pass."""

    boxes: list[Place]
    passed: dict[tuple[int, int], list[Place]]
    """(source, target) → places in the columns between them, in the arrow's direction."""
    height: float


def layers(
    count: int,
    arrows: Sequence[tuple[int, int]],
    *,
    box: float,
    line: float,
    turned: Collection[tuple[int, int]] = (),
) -> Layers:
    """Place boxes 0 … count-1 and arrows (source, target) between them; a source stands right of its target.

    Only where boxes need one another does an arrow of each circle run the other way: one of `turned` if it
    has one. `box` and `line` are the heights of a box and of a passing arrow, with their gaps.
    """
    columns = _columns(count, [arrow for arrow in arrows if arrow not in turned])
    boxes = [Place(column, box) for column in columns]
    spans = sum(max(abs(columns[source] - columns[target]) - 1, 0) for source, target in arrows)
    passed = {
        (source, target): _joined(boxes[source], boxes[target], line if spans <= _MOST_PLACES else None)
        for source, target in arrows
        if source != target
    }
    by_column: dict[int, list[Place]] = defaultdict(list)
    for place in [*boxes, *(place for between in passed.values() for place in between)]:
        by_column[place.column].append(place)
    _order(by_column)
    return Layers(boxes, passed, _align(by_column))


def _columns(count: int, arrows: Sequence[tuple[int, int]]) -> list[int]:
    """Return each box's column: one right of the last that it needs, circles cut where they close."""
    needs: list[list[int]] = [[] for _ in range(count)]
    for source, target in arrows:
        needs[source].append(target)
    columns, is_open, is_done = [0] * count, [False] * count, [False] * count
    for start in range(count):
        path = [] if is_done[start] else [(start, iter(needs[start]))]
        is_open[start] = True
        while path:
            node, rest = path[-1]
            following = next((each for each in rest if not is_done[each] and not is_open[each]), None)
            if following is not None:
                is_open[following] = True
                path.append((following, iter(needs[following])))
                continue
            columns[node] = 1 + max((columns[each] for each in needs[node] if is_done[each]), default=-1)
            is_done[node] = True
            path.pop()
    return columns


def _joined(source: Place, target: Place, line: float | None) -> list[Place]:
    """Return the places between two, each joined to the next."""
    step = 1 if target.column > source.column else -1
    between = (
        []
        if line is None
        else [Place(column, line) for column in range(source.column + step, target.column, step)]
    )
    chain = [source, *between, target]
    for one, other in pairwise(chain):
        one.beside[step].append(other)
        other.beside[-step].append(one)
    return between


def _order(by_column: dict[int, list[Place]]) -> None:
    """Sort each column by the mean of what its places are joined to, from both sides in turns."""
    for places in by_column.values():
        _number(places)
    for side, column in _sweeps(by_column):
        places = by_column[column]
        expected = {id(place): _mean(place, side) for place in places}
        places.sort(key=lambda place: expected[id(place)])
        _number(places)


def _number(places: list[Place]) -> None:
    for index, place in enumerate(places):
        place.middle = float(index)


def _align(by_column: dict[int, list[Place]]) -> float:
    """Give each place its middle, as near to what it is joined to as the others let it; return the height."""
    for places in by_column.values():
        _stack(places, [0.0] * len(places))
    for side, column in _sweeps(by_column):
        places = by_column[column]
        _stack(places, [_mean(place, side) for place in places])
    everything = [place for places in by_column.values() for place in places]
    top = min((place.middle - place.height / 2 for place in everything), default=0.0)
    for place in everything:
        place.middle -= top
    return max((place.middle + place.height / 2 for place in everything), default=0.0)


def _sweeps(by_column: dict[int, list[Place]]) -> Iterator[tuple[int, int]]:
    """Yield sides to look at and columns, from the left and from the right in turns."""
    for sweep in range(_SWEEPS):
        side = -1 if sweep % 2 == 0 else 1
        for column in sorted(by_column, reverse=side == 1):
            yield side, column


def _mean(place: Place, side: int) -> float:
    joined = place.beside[side]
    return sum(each.middle for each in joined) / len(joined) if joined else place.middle


def _stack(places: list[Place], expected: list[float]) -> None:
    """Put places below one another, the sum of the squared distances from the expected middles the least.

    Without the distances between them it is isotonic regression: neighbours in the wrong order share a mean.
    """
    offsets, offset = [], 0.0
    for place in places:
        offsets.append(offset + place.height / 2)
        offset += place.height
    blocks: list[tuple[float, int]] = []
    for at, goal in zip(offsets, expected, strict=True):
        mean, size = goal - at, 1
        while blocks and blocks[-1][0] > mean:
            other, count = blocks.pop()
            mean, size = (mean * size + other * count) / (size + count), size + count
        blocks.append((mean, size))
    means = [mean for mean, size in blocks for _ in range(size)]
    for place, at, mean in zip(places, offsets, means, strict=True):
        place.middle = at + mean
