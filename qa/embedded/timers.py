"""Work that happens later, such as a replica that receives its item after the lag."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)


class Timers:
    """One daemon thread that runs callbacks when they are due, in order of due time.

    Callbacks due at the same moment run in the order they were scheduled. They must be short.
    """

    def __init__(self) -> None:
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self._count = itertools.count()
        self._changed = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None

    def after(self, seconds: float, work: Callable[[], None]) -> None:
        """Run `work` once, `seconds` of real time from now."""
        with self._changed:
            heapq.heappush(self._queue, (time.monotonic() + seconds, next(self._count), work))
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._run, name="qa-timers", daemon=True)
                self._thread.start()
            self._changed.notify()

    def clear(self) -> None:
        """Forget everything that is not yet due."""
        with self._changed:
            self._queue.clear()

    def close(self) -> None:
        """Forget everything and end the thread."""
        with self._changed:
            self._closed = True
            self._queue.clear()
            self._changed.notify()

    def _run(self) -> None:
        while (work := self._next()) is not None:
            try:
                work()
            except Exception:  # one broken callback must not stop the world's clockwork
                log.exception("a timer of the embedded AWS failed")

    def _next(self) -> Callable[[], None] | None:
        with self._changed:
            while not self._closed:
                if not self._queue:
                    self._changed.wait()
                    continue
                wait = self._queue[0][0] - time.monotonic()
                if wait <= 0:
                    return heapq.heappop(self._queue)[2]
                self._changed.wait(wait)
            return None
