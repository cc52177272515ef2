"""What happened to alarms: state updates, actions, configuration updates."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

KEPT = 10_000
"""Items kept over all regions; AWS keeps those of two weeks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryItem:
    """One item of DescribeAlarmHistory."""

    region: str
    alarm_name: str
    timestamp: datetime
    kind: str
    """StateUpdate, Action or ConfigurationUpdate."""
    summary: str
    data: str
    """JSON."""


class History:
    """The items of all regions, oldest first."""

    def __init__(self) -> None:
        self._items: deque[HistoryItem] = deque(maxlen=KEPT)
        self._lock = threading.Lock()

    def add(self, item: HistoryItem) -> None:
        """Append an item."""
        with self._lock:
            self._items.append(item)

    def find(
        self,
        region: str,
        *,
        alarm_name: str | None = None,
        kind: str | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> tuple[HistoryItem, ...]:
        """Return the items of a region that match all that is given, oldest first."""
        with self._lock:
            return tuple(
                item
                for item in self._items
                if item.region == region
                and alarm_name in (None, item.alarm_name)
                and kind in (None, item.kind)
                and (start is None or item.timestamp >= start)
                and (end is None or item.timestamp <= end)
            )

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._items.clear()
