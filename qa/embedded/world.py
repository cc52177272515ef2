"""What the services of one embedded AWS share: settings, clock, timers, faults, callers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from .clock import Clock
from .faults import Faults
from .request_log import RequestLog
from .settings import ACCOUNT_ID, Settings
from .timers import Timers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from .judge.identities import Identities
    from .service.declaration import Service

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who makes a request: a principal of the account, an AWS service, or nobody (anonymous)."""

    arn: str | None = None
    """ARN as GetCallerIdentity reports it (user, assumed-role session, root); None for others."""
    service: str | None = None
    """Service principal such as cloudwatch.amazonaws.com; None for others."""
    role_arn: str | None = None
    """For an assumed-role session the ARN of the role itself."""
    is_administrator: bool = False
    """The server's default credentials: everything is allowed that no policy denies."""

    @property
    def is_anonymous(self) -> bool:
        """True for a request that carried no credentials."""
        return self.arn is None and self.service is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One authorization question: may this caller do this to that?"""

    caller: Caller
    action: str
    """With its service prefix, in IAM's spelling, e.g. kms:Decrypt."""
    resource: str
    """ARN, or * for an action without resource types."""
    region: str
    context: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    """Condition keys of the request besides the global ones, e.g. kms:ViaService."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer to a Question."""

    allowed: bool
    explicit_deny: bool = False
    reason: str = ""
    """Which policy decided, in words that an AccessDenied message can end with."""


class Authorizer(Protocol):
    """The policies' judge; one instance serves the request path, the services and the simulator."""

    def decide(self, question: Question) -> Decision:
        """Return the decision from identity, key, bucket, topic and queue policies."""
        ...

    def current(self) -> Caller:
        """Return the caller of the request that this thread is serving."""
        ...

    def acting_as(self, caller: Caller) -> AbstractContextManager[None]:
        """Make `current()` return this caller inside the block, on this thread."""
        ...

    def role_caller(self, role_arn: str, session_name: str) -> Caller:
        """Return the caller that a session of the role would be."""
        ...


class Metrics(Protocol):
    """Where services put the metrics that AWS would emit for them."""

    def put(  # the five parts of a datum
        self,
        *,
        region: str,
        namespace: str,
        name: str,
        dimensions: Mapping[str, str],
        value: float,
        unit: str,
    ) -> None:
        """Record one datum, stamped by the world's clock."""
        ...


@dataclass(slots=True, kw_only=True)
class World:
    """One embedded AWS. `authorizer` and `metrics` are set by the judge and CloudWatch."""

    settings: Settings
    scratch: Path
    """A folder of this server's own; removed when it ends."""
    services: tuple[Service, ...] = ()
    """What the judge knows of; a server's are those of qa/embedded/services.py."""
    account_id: str = ACCOUNT_ID
    endpoint: str = ""
    """http://127.0.0.1:<port>, set before anything is served."""
    insecure_endpoint: str = ""
    clock: Clock = field(default_factory=Clock)
    timers: Timers = field(default_factory=Timers)
    faults: Faults = field(default_factory=Faults)
    requests: RequestLog = field(default_factory=RequestLog)
    _authorizer: Authorizer | None = None
    _identities: Identities | None = None
    _metrics: Metrics | None = None
    _parts: dict[type, Any] = field(default_factory=dict)
    _on_reset: list[Callable[[], None]] = field(default_factory=list)
    _on_close: list[Callable[[], None]] = field(default_factory=list)

    @property
    def authorizer(self) -> Authorizer:
        """The judge; raises RuntimeError before it is installed."""
        if self._authorizer is None:
            raise RuntimeError("the embedded AWS has no authorizer yet: install qa.embedded.judge first")
        return self._authorizer

    @authorizer.setter
    def authorizer(self, authorizer: Authorizer) -> None:
        self._authorizer = authorizer

    @property
    def identities(self) -> Identities:
        """Roles, users and sessions; raises RuntimeError before the iam package is installed."""
        if self._identities is None:
            raise RuntimeError("the embedded AWS has no identities yet: install qa.embedded.iam first")
        return self._identities

    @identities.setter
    def identities(self, identities: Identities) -> None:
        self._identities = identities

    @property
    def metrics(self) -> Metrics:
        """The sink of metrics; raises RuntimeError before the cloudwatch package is installed."""
        if self._metrics is None:
            raise RuntimeError("the embedded AWS has no metrics yet: install qa.embedded.cloudwatch first")
        return self._metrics

    @metrics.setter
    def metrics(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def add(self, part: object) -> None:
        """Keep what a service has for this world alone; `part` finds it by its class."""
        self._parts[type(part)] = part

    def part(self, kind: type[Part]) -> Part:
        """Return what a service added; raises LookupError before that service is installed."""
        if kind not in self._parts:
            raise LookupError(f"the embedded AWS has no {kind.__name__}: its service is not installed")
        found: Part = self._parts[kind]
        return found

    def on_reset(self, forget: Callable[[], None]) -> None:
        """Call `forget` whenever all state of the embedded AWS is reset."""
        self._on_reset.append(forget)

    def on_close(self, end: Callable[[], None]) -> None:
        """Call `end` when the server stops, last registered first."""
        self._on_close.append(end)

    def reset(self) -> None:
        """Forget all state that moto does not know of."""
        self.timers.clear()
        for forget in self._on_reset:
            forget()

    def close(self) -> None:
        """End threads and processes."""
        for end in reversed(self._on_close):
            end()
        self.timers.close()
