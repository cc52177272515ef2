"""The clockwork that has the alarms judged at each interval of the world's clock."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from .series import RETENTION

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.embedded.world import World

log = logging.getLogger(__name__)
LONGEST_NAP = 0.5
"""Real seconds after which a changed interval is noticed."""
JUMP_TICKS = 240
"""Beyond so many ticks at once, those of a clock that was moved far lie a minute apart."""


class Evaluator:
    """Calls `tick` with each multiple of the alarm interval that the clock passes, in order.

    A clock that is moved forward is caught up with before `advance` returns.
    """

    def __init__(self, world: World, tick: Callable[[float], None]) -> None:
        self._world = world
        self._tick = tick
        self._last = world.clock.time()
        self._lock = threading.RLock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="qa-alarms", daemon=True)

    def start(self) -> None:
        """Start the thread and follow the clock."""
        self._world.clock.on_move(self.catch_up)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._ended.set()
        self._thread.join()

    def catch_up(self) -> None:
        """Tick for every boundary that has been passed since the last one."""
        with self._lock:
            if self._ended.is_set():
                return
            now = self._world.clock.time()
            step = self._world.settings.alarm_interval
            begin = max(self._last, now - RETENTION)
            if now - begin > JUMP_TICKS * step:
                step = max(step, 60.0)
            boundary = (begin // step + 1) * step
            while boundary <= now:
                self._tick(boundary)
                boundary += step
            self._last = max(self._last, now)

    def _run(self) -> None:
        while not self._ended.wait(self._nap()):
            try:
                self.catch_up()
            except Exception:  # the clockwork must outlive one bad tick
                log.exception("the alarms of the embedded AWS could not be evaluated")

    def _nap(self) -> float:
        step = self._world.settings.alarm_interval
        now = self._world.clock.time()
        return min(LONGEST_NAP, max(0.01, (now // step + 1) * step - now))
