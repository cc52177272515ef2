"""Stand-ins for the judge and the metrics, so that these tests are about Lambda alone."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qa.embedded.world import Caller, Decision, Question

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass
class FakeAuthorizer:
    """Allows everything but the actions named in `denied`; remembers what it was asked."""

    denied: set[str] = field(default_factory=set)
    questions: list[Question] = field(default_factory=list)

    def decide(self, question: Question) -> Decision:
        self.questions.append(question)
        return Decision(allowed=question.action not in self.denied)

    def current(self) -> Caller:
        return Caller(arn="arn:aws:iam::123456789012:root", is_administrator=True)

    @contextmanager
    def acting_as(self, caller: Caller) -> Iterator[None]:
        assert caller
        yield

    def role_caller(self, role_arn: str, session_name: str) -> Caller:
        role = role_arn.rpartition("/")[2]
        return Caller(arn=f"arn:aws:sts::123456789012:assumed-role/{role}/{session_name}", role_arn=role_arn)


@dataclass(frozen=True)
class Datum:
    """One metric datum."""

    region: str
    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]
    value: float
    unit: str


@dataclass
class FakeMetrics:
    """Keeps the data that it is given."""

    data: list[Datum] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

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
        datum = Datum(region, namespace, name, tuple(sorted(dimensions.items())), value, unit)
        with self._lock:
            self.data.append(datum)

    def values(self, name: str, function_name: str) -> list[float]:
        """Return the values of a metric of a function, in order."""
        expected = (("FunctionName", function_name),)
        return [d.value for d in self.data if d.name == name and d.dimensions == expected]
