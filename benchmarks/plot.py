"""The growth curves as one SVG, both axes logarithmic, readable on light and on dark pages."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from .figures import Unit
from .table import duration_text, scaled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .figures import Curve

WIDTH, HEIGHT = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 76, 24, 84, 56
RESOURCES = (40, 14_000)
TICKS = (50, 100, 200, 500, 1_000, 2_000, 5_000)
BUDGETS = ((500, 0.3), (5_000, 4.0))
LINEAR_AT, BUDGET_AT = 508, 610
"""Where the legend says what these lines are, right of the curves' names."""
# the card has a ground of its own: the page's may be of the other kind than the reader's setting says
STYLE = """
  .card { fill: #ffffff; stroke: #d0d7de }
  text { fill: #1f2328; font: 13px system-ui, "Segoe UI", Helvetica, Arial, sans-serif }
  .title { font-size: 15px; font-weight: 600 }
  .quiet { fill: #59636e }
  .grid { stroke: #d8dee4 }
  .linear { stroke: #59636e; stroke-dasharray: 5 5; fill: none }
  .budget { stroke: #cf222e; stroke-width: 3 }
  .budgets { fill: #cf222e }
  .curve { fill: none; stroke-width: 2 }
  .k0 { stroke: #0969da; fill: #0969da } .k1 { stroke: #1a7f37; fill: #1a7f37 }
  .k2 { stroke: #9a6700; fill: #9a6700 } .k3 { stroke: #8250df; fill: #8250df }
  @media (prefers-color-scheme: dark) {
    .card { fill: #0d1117; stroke: #3d444d }
    text { fill: #f0f6fc }
    .quiet { fill: #9198a1 }
    .grid { stroke: #262c36 }
    .linear { stroke: #9198a1 }
    .budget { stroke: #ff7b72 } .budgets { fill: #ff7b72 }
    .k0 { stroke: #58a6ff; fill: #58a6ff } .k1 { stroke: #3fb950; fill: #3fb950 }
    .k2 { stroke: #d29922; fill: #d29922 } .k3 { stroke: #bc8cff; fill: #bc8cff }
  }
  .curve { fill: none }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Where on the picture a size and a time lie; times between two powers of ten."""

    fastest: float
    slowest: float

    def x(self, resources: float) -> float:
        """Return the column of a size."""
        return LEFT + _part(resources, *RESOURCES) * (WIDTH - LEFT - RIGHT)

    def y(self, seconds: float) -> float:
        """Return the row of a time."""
        return HEIGHT - BOTTOM - _part(seconds, self.fastest, self.slowest) * (HEIGHT - TOP - BOTTOM)


def _part(value: float, low: float, high: float) -> float:
    return math.log(value / low) / math.log(high / low)


def plot(curves: Sequence[Curve]) -> str:
    """Return the picture: the curves, what linear growth would be, and the two budgets."""
    seconds = [each for curve in curves for _, each in curve.points]
    seconds += [budget for _, budget in BUDGETS]
    field = Field(
        fastest=10.0 ** math.floor(math.log10(min(seconds))),
        slowest=10.0 ** math.ceil(math.log10(max(seconds))),
    )
    parts = [*_frame(field), *_linear(field, curves[0]), *_budgets(field)]
    for number, curve in enumerate(curves):
        parts += _curve(field, curve, number)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"\n'
        f'  width="{WIDTH}" aria-label="{escape(_told(curves))}">\n<style>{STYLE}</style>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _told(curves: Sequence[Curve]) -> str:
    """Return the picture in words, for who cannot see it."""
    ends = (f"{curve.what} {_end(curve)}" for curve in curves)
    return f"qa check by the number of resources; the most are {', '.join(ends)}"


def _end(curve: Curve) -> str:
    size, seconds = curve.points[-1]
    return f"{size:,} in {duration_text(seconds)}"


def _frame(field: Field) -> Iterator[str]:
    yield f'<rect class="card" x="0.5" y="0.5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="8"/>'
    yield '<text class="title" x="24" y="30">qa check by the number of resources</text>'
    for size in TICKS:
        yield _line("grid", field.x(size), field.y(field.slowest), field.x(size), field.y(field.fastest))
        yield _text("quiet", field.x(size), HEIGHT - BOTTOM + 20, f"{size:,}", anchor="middle")
    yield _text("quiet", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, "resources", anchor="middle")
    power = field.fastest
    while power <= field.slowest * 1.001:
        yield _line("grid", LEFT, field.y(power), WIDTH - RIGHT, field.y(power))
        yield _text("quiet", LEFT - 8, field.y(power) + 4, _round(power), anchor="end")
        power *= 10


def _linear(field: Field, curve: Curve) -> Iterator[str]:
    """Yield the line that a curve would follow, were each resource as dear as at its middle."""
    size, seconds = curve.points[len(curve.points) // 2]
    low, high = (
        max(size * field.fastest / seconds, RESOURCES[0]),
        min(size * field.slowest / seconds, RESOURCES[1]),
    )
    ends = (field.x(low), field.y(seconds * low / size), field.x(high), field.y(seconds * high / size))
    yield _line("linear", *ends)
    yield _line("linear", LINEAR_AT - 4, 52, LINEAR_AT + 20, 52)
    yield _text("", LINEAR_AT + 26, 56.5, "linear")


def _budgets(field: Field) -> Iterator[str]:
    for size, seconds in BUDGETS:
        yield _line("budget", field.x(size) - 16, field.y(seconds), field.x(size) + 16, field.y(seconds))
        text = f"{_round(seconds)} for {size:,}"
        yield _text("budgets", field.x(size) - 22, field.y(seconds) + 4, text, anchor="end")
    yield _line("budget", BUDGET_AT - 4, 52, BUDGET_AT + 20, 52)
    yield _text("", BUDGET_AT + 26, 56.5, "budget")


def _curve(field: Field, curve: Curve, number: int) -> Iterator[str]:
    """Yield a curve with its points, and its line of the legend."""
    places = [(field.x(size), field.y(seconds)) for size, seconds in curve.points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    yield f'<polyline class="k{number} curve" points="{path}"/>'
    for x, y in places:
        yield f'<circle class="k{number}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
    at = 24 + number * 118
    yield f'<circle class="k{number}" cx="{at + 5}" cy="52" r="5"/>'
    yield _text("", at + 16, 56.5, curve.what)


def _round(seconds: float) -> str:
    """Return a round time without digits that say nothing."""
    value, unit = scaled(seconds, Unit.SECONDS)
    return f"{value:g} {unit}"


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(kind: str, x: float, y: float, text: str, *, anchor: str = "start") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
