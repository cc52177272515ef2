"""The figures as a table of at most 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .figures import Curve, Figure, Samples, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HEAD = f"  {'figure':<34}{'budget':>8} {'ratio':>7} {'n':>4}  median (min–max)"


def rows(figure: Figure) -> tuple[str, ...]:
    """Return the figure's line, marked when it misses its budget, and one for its reference."""
    mark = " " if figure.is_within_budget else "!"
    ratio = "" if figure.ratio is None else ratio_text(figure.ratio)
    line = _row(mark, figure.measured, budget=budget_text(figure), ratio=ratio)
    if figure.reference is None:
        return (line,)
    return line, _row(" ", figure.reference, budget="", ratio="", indent="  against ")


def curve_rows(curves: Sequence[Curve]) -> tuple[str, ...]:
    """Return the curves side by side, a line for each size; all are of the same sizes."""
    head = f"{'resources':>11}" + "".join(f"{curve.what:>14}" for curve in curves)
    sizes = (size for size, _ in curves[0].points)
    times = zip(*([seconds for _, seconds in curve.points] for curve in curves), strict=True)
    return (
        head,
        *(
            f"{size:>11,}" + "".join(f"{duration_text(seconds):>14}" for seconds in row)
            for size, row in zip(sizes, times, strict=True)
        ),
    )


def verdict(figures: Iterable[Figure]) -> str:
    """Return the last line: what missed its budget."""
    missed = [figure.measured.what for figure in figures if not figure.is_within_budget]
    return f"! missed: {'; '.join(missed)}" if missed else "every figure is within its budget"


def budget_text(figure: Figure) -> str:
    """Return the bound as a person reads it."""
    if figure.at_most is not None:
        value, unit = scaled(figure.at_most, figure.measured.unit)
        return f"{value:g} {unit}"
    return "" if figure.at_most_ratio is None else f"{figure.at_most_ratio:g} ×"


def ratio_text(ratio: float) -> str:
    """Return a ratio with two digits that count."""
    return f"{ratio:.2f} ×" if ratio >= 0.1 else f"{ratio:.4f} ×"


def spread_text(samples: Samples) -> str:
    """Return median, minimum and maximum in the unit that suits the median."""
    _, unit = scaled(samples.median, samples.unit)
    factor = 1000 if unit == "ms" else 1
    middle, low, high = (
        _digits(value * factor) for value in (samples.median, min(samples.values), max(samples.values))
    )
    return f"{middle} {unit} ({low}–{high})"


def duration_text(seconds: float) -> str:
    """Return a time with the digits that count: 0.3 → 300 ms, 4.0 → 4.00 s."""
    value, unit = scaled(seconds, Unit.SECONDS)
    return f"{_digits(value)} {unit}"


def scaled(value: float, unit: Unit) -> tuple[float, str]:
    """Return a value in milliseconds when it is less than a second, else as it is; and its unit."""
    if unit is Unit.SECONDS and value < 1:
        return value * 1000, "ms"
    return value, unit.value


def _digits(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _row(mark: str, samples: Samples, *, budget: str, ratio: str, indent: str = "") -> str:
    what = f"{indent}{samples.what}"
    return f"{mark} {what:<34}{budget:>8} {ratio:>7} {len(samples.values):>4}  {spread_text(samples)}"
