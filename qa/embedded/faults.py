"""Faults on purpose: throttling, server errors, latency, resets, a whole region down."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass
from typing import Literal

Kind = Literal["throttle", "error", "latency", "reset", "region-down"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One rule; None in region, service or operation matches any. `seconds` is for latency."""

    kind: Kind
    region: str | None = None
    service: str | None = None
    operation: str | None = None
    seconds: float = 0.0

    def matches(self, *, region: str, service: str, operation: str | None) -> bool:
        """Say whether a request is hit; an unknown operation is hit only by rules that name none."""
        return (
            self.region in (None, region)
            and self.service in (None, service)
            and (self.operation is None or self.operation == operation)
        )


class Faults:
    """The faults in force, each under an ID by which it is ended."""

    def __init__(self) -> None:
        self._faults: dict[int, Fault] = {}
        self._ids = itertools.count(1)
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> int:
        """Put a fault in force and return its ID."""
        with self._lock:
            fault_id = next(self._ids)
            self._faults[fault_id] = fault
            return fault_id

    def remove(self, fault_id: int) -> None:
        """End a fault; raises KeyError when there is none of that ID."""
        with self._lock:
            del self._faults[fault_id]

    def clear(self) -> None:
        """End all faults."""
        with self._lock:
            self._faults.clear()

    def hitting(self, *, region: str, service: str, operation: str | None) -> tuple[Fault, ...]:
        """Return the faults that hit a request, oldest first."""
        return tuple(
            fault
            for fault in tuple(self._faults.values())
            if fault.matches(region=region, service=service, operation=operation)
        )

    def any(self) -> bool:
        """Say whether any fault is in force."""
        return bool(self._faults)

    def down(self, region: str) -> tuple[Fault, ...]:
        """Return the faults that keep the whole region down."""
        return tuple(
            fault
            for fault in tuple(self._faults.values())
            if fault.kind == "region-down" and fault.region == region
        )

    def is_down(self, region: str) -> bool:
        """Say whether the whole region is down: its services neither answer nor work."""
        return bool(self.down(region))
