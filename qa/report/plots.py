"""Measurements as drawings: a dot for each on a common axis, and a bar for each that has a bound.

The drawings are drawn for a phone and grow with the screen. Their numbers stand beside them as text, for
anyone who cannot see a drawing or does not trust it.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from .markup import el
from .run_report import spread

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .markup import Markup
    from .run_report import Measured

STEPS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)
WIDTH, ROW, LEFT, RIGHT, TOP = 400, 28, 40, 14, 8
TICKS = 5


def lag_plots(measured: Sequence[Measured]) -> Iterator[Markup]:
    """Yield one plot per name of those measurements that have no bound."""
    free = [each for each in measured if each.bound is None]
    for name, group in groupby(free, key=lambda each: each.name):
        yield _plot(name.replace("_", " "), list(group))


def _plot(title: str, rows: Sequence[Measured]) -> Markup:
    values = [value for row in rows for value in row.seconds]
    median, largest = spread(values)
    summary = f"{len(values)} measured, median {median:.2f} s, largest {largest:.2f} s"
    return el(
        "figure",
        el("figcaption", el("strong", title), f" – {summary}"),
        _drawing(f"{title}: {summary}", rows, top_of(largest)),
        class_="plot",
    )


def _drawing(label: str, rows: Sequence[Measured], top: float) -> Markup:
    height = TOP + ROW * len(rows) + 24
    return el(
        "svg",
        *_axis(top, TOP + ROW * len(rows)),
        *(part for index, row in enumerate(rows) for part in _dots(row, TOP + ROW * (index + 0.5), top)),
        viewBox=f"0 0 {WIDTH} {height}",
        role="img",
        aria_label=label,
    )


def _dots(row: Measured, y: float, top: float) -> Iterator[Markup]:
    median, largest = spread(row.seconds)
    yield el("text", row.check, x=0, y=y + 4, class_="label")
    yield el("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y, y2=y, class_="rail")
    for value in row.seconds:
        dot = el("title", f"{row.check}: {value:.3f} s")
        yield el("circle", dot, cx=_x(value, top), cy=y, r=5, class_="dot")
    if len(row.seconds) > 1:
        x = _x(median, top)
        middle = el("title", f"{row.check}: median {median:.3f} s, largest {largest:.3f} s")
        yield el("path", middle, d=f"M{x:.1f} {y - 10:.1f}V{y + 10:.1f}", class_="median")


def _axis(top: float, bottom: float) -> Iterator[Markup]:
    for index in range(TICKS + 1):
        value = top * index / TICKS
        x = _x(value, top)
        yield el("line", x1=x, x2=x, y1=TOP, y2=bottom, class_="grid")
        anchor = "end" if index == TICKS else "middle"
        yield el("text", f"{value:g} s", x=x, y=bottom + 18, text_anchor=anchor, class_="tick")


def _x(value: float, top: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * min(value / top, 1.0)


def top_of(largest: float) -> float:
    """Return the end of an axis in seconds: the next round number that is not smaller."""
    return next((step for step in STEPS if step >= largest), largest)


def bound_bars(measured: Sequence[Measured]) -> Iterator[Markup]:
    """Yield one bar per measurement that must keep to a bound."""
    for each in measured:
        if each.bound is not None:
            yield _bar(each.name, max(each.seconds), each.bound, each.check)


def _bar(name: str, value: float, bound: float, check: str) -> Markup:
    kept = value <= bound
    end = max(value, bound) * 1.1 or 1.0
    title = name.upper() if len(name) == 3 else name.replace("_", " ")
    verdict = "kept" if kept else "broken"
    words = f"{value:.2f} s of at most {bound:g} s: {verdict}"
    return el(
        "figure",
        el("figcaption", el("strong", f"{title} ({check})"), f" – {words}"),
        el(
            "div",
            el("div", class_=f"fill {verdict}", style=f"width:{100 * value / end:.2f}%"),
            el("div", class_="limit", style=f"left:{100 * bound / end:.2f}%"),
            class_="bar",
            role="img",
            aria_label=f"{title}: {words}",
        ),
        class_="bound",
    )
