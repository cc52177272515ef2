"""What was measured, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from statistics import median


class Unit(Enum):
    """What a sample counts."""

    SECONDS = "s"
    MEGABYTES = "MB"


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """Repetitions of one measurement."""

    what: str
    values: tuple[float, ...]
    unit: Unit = Unit.SECONDS

    @property
    def median(self) -> float:
        """The middle value."""
        return median(self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A measurement against its budget: in its own unit, or as a ratio to a reference of the same run."""

    measured: Samples
    reference: Samples | None = None
    at_most: float | None = None
    """In the unit of the samples."""
    at_most_ratio: float | None = None

    @property
    def ratio(self) -> float | None:
        """The median as a part of the reference's; None without a reference."""
        return None if self.reference is None else self.measured.median / self.reference.median

    @property
    def is_within_budget(self) -> bool:
        """True when the median keeps every bound that is set."""
        absolute = self.at_most is None or self.measured.median <= self.at_most
        relative = self.at_most_ratio is None or self.ratio is None or self.ratio <= self.at_most_ratio
        return absolute and relative


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """How long something takes, by its size."""

    what: str
    points: tuple[tuple[int, float], ...]
    """(resources, seconds), the smallest first."""
