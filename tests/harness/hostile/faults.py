"""Which request gets which fault: by a draw, or the first of every service, region and operation."""

from __future__ import annotations

import math
import random
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .wire import Request

FAULTS = ("throttled", "unavailable", "reset-before", "reset-after")
SPREAD = 0.6
"""Standard deviation of the logarithm of the latency."""
LONG = 37.5
"""A long wait in medians: 3 s of 80 ms."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What happens to one request: seconds of waiting, then a fault or none."""

    seconds: float = 0.0
    fault: str | None = None
    status: int = 503
    """Of an `unavailable`."""


class Weather(Protocol):
    """Decides the fate of each request; asked from several threads."""

    def fate(self, request: Request) -> Fate:
        """Return what happens to this request."""


@dataclass(slots=True)
class Mix:
    """5 % throttled, 1 % unavailable, 1 % reset, log-normal latency of that median with 1 % of long waits.

    The seed fixes the sequence of draws. Requests of several threads take them in the order of arrival.
    """

    seed: int
    median: float
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - no secret

    def fate(self, request: Request) -> Fate:
        """Return the next draw."""
        del request
        with self._lock:
            chance, slow, lag = self._random.random(), self._random.random(), self._random.gauss(0, SPREAD)
            status = self._random.choice((500, 503))
        seconds = self.median * (LONG if slow < 0.01 else math.exp(lag))
        steps = ((0.05, "throttled"), (0.06, "unavailable"), (0.065, "reset-before"), (0.07, "reset-after"))
        return Fate(seconds, next((fault for below, fault in steps if chance < below), None), status)


@dataclass(slots=True)
class FirstOfEach:
    """The first request of every service, region and operation gets the fault; all others pass."""

    fault: str
    _lock: threading.Lock = field(default_factory=threading.Lock)
    seen: Counter[str] = field(default_factory=Counter)

    def fate(self, request: Request) -> Fate:
        """Return the fault for what was not asked before."""
        with self._lock:
            self.seen[str(request)] += 1
            return Fate(fault=self.fault if self.seen[str(request)] == 1 else None)
