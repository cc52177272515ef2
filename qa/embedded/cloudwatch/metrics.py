"""Where the services of the embedded AWS put their metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .series import RETENTION, StatisticSet, Store, series

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.embedded.clock import Clock


class StoredMetrics:
    """The world's sink of metrics: data are stamped by the world's clock and kept for three hours."""

    def __init__(self, clock: Clock) -> None:
        self.store = Store()
        self._clock = clock

    def put(
        self,
        *,
        region: str,
        namespace: str,
        name: str,
        dimensions: Mapping[str, str],
        value: float,
        unit: str,
    ) -> None:
        """Record one datum."""
        key = series(namespace, name, dimensions)
        self.store.add(region, key, self._clock.time(), StatisticSet.of(value, unit))

    def trim(self) -> None:
        """Forget what is older than the retention."""
        self.store.trim(self._clock.time() - RETENTION)
