"""The execution environments alive: warm ones are reused, the longest idle make room for others."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .environment import Environment
    from .functions import FunctionSpec

LATEST = "$LATEST"
PATIENCE = 30.0  # seconds that an invocation waits for room on this machine before it is throttled


class Pool:
    """At most `capacity()` environments, over all functions; each belongs to one invocation or is idle."""

    def __init__(self, launch: Callable[[FunctionSpec], Environment], capacity: Callable[[], int]) -> None:
        self._launch = launch
        self._capacity = capacity
        self._idle: list[Environment] = []  # longest idle first
        self._busy: set[Environment] = set()
        self._starting = 0
        self._changed = threading.Condition()

    def acquire(self, spec: FunctionSpec, *, within: float = PATIENCE) -> Environment | None:
        """Return an environment for exactly this configuration; None when all stayed busy for `within` s."""
        with self._changed:
            self._close_outdated(spec)
            if (warm := self._take_idle(spec)) is not None:
                return warm
            deadline = time.monotonic() + within
            while not self._has_room():
                if not self._changed.wait(deadline - time.monotonic()):
                    return None
                if (warm := self._take_idle(spec)) is not None:
                    return warm
            self._starting += 1
        return self._start(spec)

    def start_over(self, environment: Environment) -> Environment:
        """Return a new environment in place of one that is of no more use."""
        self.release(environment)
        with self._changed:
            self._starting += 1
        return self._start(environment.spec)

    def release(self, environment: Environment) -> None:
        """Take an environment back: frozen for the next invocation, or closed when it is of no more use."""
        with self._changed:
            surplus = environment in self._busy and environment.is_usable
            self._busy.discard(environment)
            if surplus:
                environment.freeze()
                self._idle.append(environment)
            self._changed.notify_all()
        if not surplus:
            environment.close()

    def retire(self, function_arn: str, *, but_code: str | None = None) -> None:
        """Close the environments of a function that is gone; a busy one when its invocation ends.

        With `but_code`, a CodeSha256, only those of its $LATEST that run other code.
        """
        with self._changed:
            retired = [
                environment
                for environment in (*self._busy, *self._idle)
                if environment.spec.arn == function_arn
                and (
                    but_code is None
                    or (environment.spec.version == LATEST and environment.spec.code_sha256 != but_code)
                )
            ]
            for environment in retired:
                environment.is_usable = False
            gone = [e for e in self._idle if e in retired]
            self._idle = [e for e in self._idle if e not in gone]
            self._changed.notify_all()
        for environment in gone:
            environment.close()

    def close_all(self) -> None:
        """End every environment; invocations in progress end with an error."""
        with self._changed:
            idle, self._idle = self._idle, []
            busy, self._busy = self._busy, set()
            self._changed.notify_all()
        for environment in busy:
            environment.kill()  # its own thread closes it
        for environment in idle:
            environment.close()

    @property
    def size(self) -> int:
        """How many environments are alive or being started."""
        with self._changed:
            return self._count()

    def _start(self, spec: FunctionSpec) -> Environment:
        try:
            environment = self._launch(spec)
        except BaseException:
            with self._changed:
                self._starting -= 1
                self._changed.notify_all()
            raise
        with self._changed:
            self._starting -= 1
            self._busy.add(environment)
        return environment

    def _take_idle(self, spec: FunctionSpec) -> Environment | None:
        for environment in reversed(tuple(self._idle)):  # the last used is the warmest
            if environment.spec != spec:
                continue
            self._idle.remove(environment)
            if environment.is_alive:
                self._busy.add(environment)
                return environment
            environment.close()
        return None

    def _close_outdated(self, spec: FunctionSpec) -> None:
        """Close what was started for the function before its code or configuration changed."""
        for environment in tuple(self._idle):
            old = environment.spec
            if old.arn == spec.arn and old.version == spec.version and old != spec:
                self._idle.remove(environment)
                environment.close()

    def _has_room(self) -> bool:
        while self._count() >= self._capacity() and self._idle:
            self._idle.pop(0).close()
        return self._count() < self._capacity()

    def _count(self) -> int:
        return len(self._idle) + len(self._busy) + self._starting
