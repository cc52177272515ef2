"""The clock of the embedded AWS: real time plus a settable offset."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock:
    """Wall clock that alarms and metrics go by; it can be moved forward, never back.

    Only what AWS itself does by its wall clock uses it: metric timestamps, alarm evaluation and
    history, mute rules. Lags are real time (see Timers).
    """

    def __init__(self, real: Callable[[], float] = time.time) -> None:
        self._real = real
        self._offset = 0.0
        self._moved: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    def time(self) -> float:
        """Return seconds since the epoch."""
        return self._real() + self._offset

    def now(self) -> datetime:
        """Return the aware UTC datetime."""
        return datetime.fromtimestamp(self.time(), UTC)

    def advance(self, seconds: float) -> None:
        """Move the clock forward and notify everyone who waits for it.

        Raises ValueError for a negative number of seconds.
        """
        if seconds < 0:
            raise ValueError(f"the clock goes forward only, not by {seconds!r} s")
        with self._lock:
            self._offset += seconds
        for listener in tuple(self._moved):
            listener()

    def on_move(self, listener: Callable[[], None]) -> None:
        """Call the listener, on the mover's thread, after each `advance`."""
        self._moved.append(listener)
