"""Which tables are global, and in which regions their replicas live."""

from __future__ import annotations

from dataclasses import dataclass

SOURCE_PROTECTION = 24 * 3600.0
"""Seconds for which a region that a replica was added from cannot lose its own table before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replica:
    """One region of a global table; `source` is the region it was added from, None for the first."""

    region: str
    source: str | None
    added: float
    """Seconds since the epoch, on the world's clock."""


class GlobalTables:
    """The global tables of the account, by table name (all replicas share it)."""

    def __init__(self) -> None:
        self._replicas: dict[str, dict[str, Replica]] = {}
        self._classes: dict[tuple[str, str], str] = {}

    def regions(self, name: str) -> frozenset[str]:
        """Return the regions of a global table; none for a table that is not global."""
        return frozenset(self._replicas.get(name, ()))

    def others(self, name: str, region: str) -> tuple[str, ...]:
        """Return the other regions, sorted; none unless the region itself holds a replica."""
        regions = self.regions(name)
        return tuple(sorted(regions - {region})) if region in regions else ()

    def add(self, name: str, *, source: str, region: str, at: float) -> None:
        """Record a replica that was added from `source`, which becomes a replica itself."""
        replicas = self._replicas.setdefault(name, {})
        replicas.setdefault(source, Replica(region=source, source=None, added=at))
        replicas[region] = Replica(region=region, source=source, added=at)

    def remove(self, name: str, region: str) -> None:
        """Forget a replica; a table with one region left is no longer global."""
        self._classes.pop((name, region), None)
        replicas = self._replicas.get(name, {})
        replicas.pop(region, None)
        if len(replicas) < 2:
            self._replicas.pop(name, None)

    def is_protected_source(self, name: str, region: str, *, now: float) -> bool:
        """Say whether a living replica was added from the region less than 24 hours ago."""
        return any(
            replica.source == region and now - replica.added < SOURCE_PROTECTION
            for replica in self._replicas.get(name, {}).values()
        )

    def set_table_class(self, name: str, region: str, table_class: str) -> None:
        """Record the table class of a table in one region."""
        self._classes[name, region] = table_class

    def table_class(self, name: str, region: str) -> str:
        """Return the table class; STANDARD unless it was set."""
        return self._classes.get((name, region), "STANDARD")

    def clear(self) -> None:
        """Forget all."""
        self._replicas.clear()
        self._classes.clear()
