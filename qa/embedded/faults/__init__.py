"""Faults on purpose: a region lost, throttling, errors, latency, resets, replication that stops."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qa.embedded.fields import Choice, Field, FieldError, read_fields

from .kinds import BY_NAME, KINDS, Hits, Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = ["KINDS", "Fault", "Faults", "Hits", "Kind", "UnknownFaultError"]

KIND = Field(
    name="kind", type=Choice(options=tuple(BY_NAME)), summary="the kind of the fault", is_required=True
)


class UnknownFaultError(FieldError):
    """There is no fault of that ID in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault in force. `Faults.start` makes it: each of its parts has been checked."""

    id: int
    kind: Kind
    parts: Mapping[str, Any]
    """The parameters that were given, and the defaults of those that were not."""
    ended: threading.Event = field(default_factory=threading.Event, compare=False, repr=False)

    def matches(self, *, regions: Collection[str], service: str, operation: str | None) -> bool:
        """Say whether a request is hit: whatever the fault names must be the request's own.

        A request whose operation is unknown is hit only by faults that name none.
        """
        given = self.parts
        return (
            given.get("region") in (None, *regions)
            and given.get("service") in (None, service)
            and ("operation" not in given or given["operation"] == operation)
        )

    def as_json(self) -> dict[str, Any]:
        """Return the fault as the control routes show it."""
        return {"id": self.id, "kind": self.kind.name, **self.parts}


class Faults:
    """The faults in force, each under an ID by which it is ended."""

    def __init__(self) -> None:
        self._faults: dict[int, Fault] = {}
        self._ids = itertools.count(1)
        self._lock = threading.Lock()

    def start(self, /, **body: Any) -> Fault:
        """Put a fault in force: `kind` and the parameters of that kind.

        Raises FieldError for a kind, parameter or value that is not known, with the nearest that is.
        """
        named = {name: value for name, value in body.items() if name == KIND.name}
        kind = BY_NAME[read_fields("fault", (KIND,), named)[KIND.name]]
        given = {name: value for name, value in body.items() if name != KIND.name}
        parts = read_fields(f"fault {kind.name!r}", kind.fields, given)
        if kind.hits is Hits.REPLICATION and parts["source"] == parts["target"]:
            raise FieldError(f"fault {kind.name!r}: 'source' and 'target' must be different regions.")
        with self._lock:
            fault = Fault(id=next(self._ids), kind=kind, parts=parts)
            self._faults[fault.id] = fault
            return fault

    def end(self, fault_id: int) -> None:
        """End a fault. Raises UnknownFaultError when there is none of that ID."""
        with self._lock:
            fault = self._faults.pop(fault_id, None)
            known = ", ".join(map(str, self._faults)) or "none"
        if fault is None:
            raise UnknownFaultError(f"no fault {fault_id}. In force: {known}.")
        fault.ended.set()

    def end_all(self) -> None:
        """End all faults."""
        with self._lock:
            ended = tuple(self._faults.values())
            self._faults.clear()
        for fault in ended:
            fault.ended.set()

    def in_force(self) -> tuple[Fault, ...]:
        """Return the faults in force, oldest first."""
        return tuple(self._faults.values())

    def any(self) -> bool:
        """Say whether any fault is in force."""
        return bool(self._faults)

    def hitting(self, *, regions: Collection[str], service: str, operation: str | None) -> tuple[Fault, ...]:
        """Return the faults that hit a request, oldest first."""
        return tuple(
            fault
            for fault in self.in_force()
            if fault.kind.hits is not Hits.REPLICATION
            and fault.matches(regions=regions, service=service, operation=operation)
        )

    def is_down(self, region: str) -> bool:
        """Say whether the whole region is lost: its services neither answer nor work."""
        return any(
            fault.kind.hits is Hits.REGION and fault.parts["region"] == region for fault in self.in_force()
        )

    def stops_replication(self, service: str, source: str, target: str) -> bool:
        """Say whether nothing of a service is replicated from one region to another now."""
        stopped = {"service": service, "source": source, "target": target}
        return (
            self.is_down(source)
            or self.is_down(target)
            or any(
                fault.kind.hits is Hits.REPLICATION and fault.parts == stopped for fault in self.in_force()
            )
        )
