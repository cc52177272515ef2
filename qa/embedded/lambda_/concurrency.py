"""How many invocations of a function may run at once."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .refusals import invalid_parameter, throttled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ACCOUNT_LIMIT = 1000
UNRESERVED_MINIMUM = 100


class Concurrency:
    """Counts the invocations in progress per function."""

    def __init__(self) -> None:
        self._running: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def slot(self, function_arn: str, reserved: int | None) -> Iterator[int]:
        """Hold a place for one invocation and yield how many now run; raises LambdaRefusalError when full."""
        with self._lock:
            if reserved is not None and self._running[function_arn] >= reserved:
                raise throttled("ReservedFunctionConcurrentInvocationLimitExceeded")
            self._running[function_arn] += 1
            running = self._running[function_arn]
        try:
            yield running
        finally:
            with self._lock:
                self._running[function_arn] -= 1


def check_reservation(requested: int, others: Iterable[int]) -> None:
    """Raise LambdaRefusalError when the reservation leaves the account too little; `others` are in force."""
    if ACCOUNT_LIMIT - sum(others) - requested < UNRESERVED_MINIMUM:
        raise invalid_parameter(
            "Specified ReservedConcurrentExecutions for function decreases account's "
            f"UnreservedConcurrentExecution below its minimum value of [{UNRESERVED_MINIMUM}]."
        )
