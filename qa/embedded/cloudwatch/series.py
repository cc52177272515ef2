"""Metric data, kept as one statistic set per second and series."""

from __future__ import annotations

import threading
from bisect import bisect_left, insort
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

RETENTION = 3 * 3600
"""Seconds of the world's clock for which data are kept; alarms look back far less."""
STATISTICS = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What names a metric: data of other dimensions, fewer or more, are another series."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]


def series(namespace: str, name: str, dimensions: Mapping[str, str]) -> Series:
    """Return the series of these dimensions."""
    return Series(namespace=namespace, name=name, dimensions=frozenset(dimensions.items()))


@dataclass(slots=True, kw_only=True)
class StatisticSet:
    """Data of a span of time, summed up."""

    count: float
    total: float
    minimum: float
    maximum: float
    unit: str = "None"

    @classmethod
    def of(cls, value: float, unit: str) -> StatisticSet:
        """Return the set of one datum."""
        return cls(count=1.0, total=value, minimum=value, maximum=value, unit=unit)

    def add(self, other: StatisticSet) -> None:
        """Take another set in."""
        self.count += other.count
        self.total += other.total
        self.minimum = min(self.minimum, other.minimum)
        self.maximum = max(self.maximum, other.maximum)

    def statistic(self, name: str) -> float:
        """Return one of STATISTICS. Raises KeyError for another."""
        return {
            "SampleCount": self.count,
            "Average": self.total / self.count if self.count else 0.0,
            "Sum": self.total,
            "Minimum": self.minimum,
            "Maximum": self.maximum,
        }[name]


@dataclass(slots=True)
class _Seconds:
    order: list[int] = field(default_factory=list)
    """The seconds that have data, ascending."""
    sets: dict[int, dict[str, StatisticSet]] = field(default_factory=dict)
    """By second, then by unit."""


class Store:
    """The metric data of all regions."""

    def __init__(self) -> None:
        self._regions: dict[str, dict[Series, _Seconds]] = {}
        self._lock = threading.Lock()

    def add(self, region: str, key: Series, at: float, data: StatisticSet) -> None:
        """Add data of the moment `at`, in seconds since the epoch."""
        second = int(at)
        with self._lock:
            seconds = self._regions.setdefault(region, {}).setdefault(key, _Seconds())
            if second not in seconds.sets:
                insort(seconds.order, second)
                seconds.sets[second] = {}
            by_unit = seconds.sets[second]
            if data.unit in by_unit:
                by_unit[data.unit].add(data)
            else:
                by_unit[data.unit] = data

    def between(
        self, region: str, key: Series, start: float, end: float, *, unit: str | None = None
    ) -> StatisticSet | None:
        """Return the data from `start` up to but not at `end`; None when there are none."""
        found: StatisticSet | None = None
        with self._lock:
            seconds = self._regions.get(region, {}).get(key) or _Seconds()
            first, last = (bisect_left(seconds.order, moment) for moment in (start, end))
            for second in seconds.order[first:last]:
                for data in seconds.sets[second].values():
                    if unit not in (None, data.unit):
                        continue
                    if found is None:
                        found = replace(data)
                    else:
                        found.add(data)
        return found

    def keys(self, region: str) -> tuple[Series, ...]:
        """Return the series that have data."""
        with self._lock:
            return tuple(self._regions.get(region, ()))

    def trim(self, before: float) -> None:
        """Forget data from before a moment, and series that have none left."""
        with self._lock:
            for by_key in self._regions.values():
                for key, seconds in tuple(by_key.items()):
                    gone = bisect_left(seconds.order, before)
                    for second in seconds.order[:gone]:
                        del seconds.sets[second]
                    del seconds.order[:gone]
                    if not seconds.order:
                        del by_key[key]

    def clear(self) -> None:
        """Forget all data."""
        with self._lock:
            self._regions.clear()
