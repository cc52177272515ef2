"""Events that nobody waits for: queued, run, retried twice, as invocation type Event promises."""

from __future__ import annotations

import dataclasses
import logging
import queue
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from moto.awslambda.exceptions import UnknownFunctionException

from .refusals import LambdaRefusalError

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.embedded.world import World

    from .service import Outcome

log = logging.getLogger(__name__)

RETRY_SECONDS = (60.0, 120.0)  # AWS waits one minute before the first retry and two before the second
THROTTLED_SECONDS = (1.0, 300.0)  # first and longest pause of an event that found no room
PAUSE_SECONDS = 0.2  # how often a region that is down is looked at again


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedEvent:
    """One event; `run` raises LambdaRefusalError when throttled, UnknownFunctionException for no function."""

    region: str
    run: Callable[[], Outcome]
    retries: int = 2
    max_age: float = 6 * 3600.0
    queued_at: float = dataclasses.field(default_factory=time.monotonic)
    attempts: int = 0
    pause: float = THROTTLED_SECONDS[0]


class EventQueue:
    """Runs queued events on daemon threads of its own, at most `workers()` at once."""

    def __init__(
        self,
        world: World,
        *,
        workers: Callable[[], int],
        retry_seconds: tuple[float, ...] = RETRY_SECONDS,
    ) -> None:
        self._world = world
        self._workers = workers
        self._retry_seconds = retry_seconds
        self._queue: queue.SimpleQueue[QueuedEvent | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._lock = threading.Lock()

    def put(self, event: QueuedEvent) -> None:
        """Queue an event and see to it that a thread takes it."""
        with self._lock:
            if self._idle <= self._queue.qsize() and len(self._threads) < self._workers():
                thread = threading.Thread(target=self._work, name="qa-lambda-events", daemon=True)
                self._threads.append(thread)
                thread.start()
        self._queue.put(event)

    def clear(self) -> None:
        """Forget what has not been started; what is waiting for its retry is forgotten by the timers."""
        while True:
            try:
                self._queue.get_nowait()
            except queue.Empty:
                return

    def close(self) -> None:
        """End the threads once they are done with their present event."""
        self.clear()
        for _ in self._threads:
            self._queue.put(None)

    def _work(self) -> None:
        while True:
            with self._lock:
                self._idle += 1
            event = self._queue.get()
            with self._lock:
                self._idle -= 1
            if event is None:
                return
            self._handle(event)

    def _handle(self, event: QueuedEvent) -> None:
        if self._world.faults.is_down(event.region):
            self._again(event, PAUSE_SECONDS)
            return
        try:
            outcome = event.run()
        except LambdaRefusalError as refusal:
            if refusal.error_type == "TooManyRequestsException":
                longer = min(2 * event.pause, THROTTLED_SECONDS[1])
                self._again(dataclasses.replace(event, pause=longer), event.pause)
            return
        except UnknownFunctionException:
            return  # deleted in the meantime
        except Exception:  # a broken event must not end the thread that others need
            log.exception("an asynchronous invocation failed")
            return
        if outcome.is_error and event.attempts < event.retries:
            delay = self._retry_seconds[min(event.attempts, len(self._retry_seconds) - 1)]
            self._again(dataclasses.replace(event, attempts=event.attempts + 1), delay)

    def _again(self, event: QueuedEvent, seconds: float) -> None:
        if time.monotonic() + seconds - event.queued_at <= event.max_age:
            self._world.timers.after(seconds, lambda: self.put(event))
