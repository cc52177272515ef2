"""Which rights the handler of a resource type uses on the caller's behalf, as its public schema lists them.

The schemas (`handlers.create.permissions` and so on) list what a handler may ever need; here stands what
it needs for the properties that are given. Types that are not here are for the administrator only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

ContextValues = Mapping[str, "str | tuple[str, ...]"]


class Phase(Enum):
    """When rights are asked after: those on what does not exist yet cannot be asked before it does."""

    CREATE = "create"
    CREATED = "created"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One resource in one phase; `name` is its physical name, `before` its properties until now."""

    phase: Phase
    account_id: str
    region: str
    name: str
    properties: Mapping[str, Any]
    before: Mapping[str, Any] = field(default_factory=dict)

    def arn(self, service: str, rest: str, *, region: str | None = None) -> str:
        """Return an ARN of the account in this region, or in another."""
        return f"arn:aws:{service}:{region or self.region}:{self.account_id}:{rest}"

    def changed(self) -> tuple[str, ...]:
        """Return the properties that are set, or that differ from before."""
        names = dict.fromkeys((*self.properties, *self.before))
        return tuple(name for name in names if self.properties.get(name) != self.before.get(name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """One right: an action on a resource, with the condition keys that the handler's request carries."""

    action: str
    resource: str = "*"
    context: ContextValues = field(default_factory=dict)


def _nothing_more(_: Asked) -> Iterable[Right]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """A type's handler; actions are space-separated, without their prefix, and on the resource's ARN."""

    prefix: str
    arn: Callable[[Asked], str]
    create: str
    read: str
    delete: str
    update: str = ""
    """For a changed property that `changes` does not name."""
    sets: Mapping[str, str] = field(default_factory=dict)
    """Per property that is given when the resource is made."""
    changes: Mapping[str, str] = field(default_factory=dict)
    """Per property that an update changes."""
    anywhere: str = ""
    """Actions that know no resource."""
    is_named_by_service: bool = False
    """Its ARN is known only once it exists."""
    more: Callable[[Asked], Iterable[Right]] = _nothing_more
    """Rights on other resources."""

    def rights(self, asked: Asked) -> Iterator[Right]:
        """Yield what the handler uses in the phase."""
        anywhere = frozenset(self.anywhere.split())
        for action in dict.fromkeys(self._actions(asked, anywhere)):
            resource = "*" if action in anywhere else self.arn(asked)
            yield Right(action=f"{self.prefix}:{action}", resource=resource)
        yield from self.more(asked)

    def _actions(self, asked: Asked, anywhere: frozenset[str]) -> Iterator[str]:
        making = [*self.create.split(), *_of(self.sets, asked.properties)]
        match asked.phase:
            case Phase.CREATE:
                yield from (each for each in making if each in anywhere or not self.is_named_by_service)
            case Phase.CREATED:
                yield from (each for each in making if each not in anywhere and self.is_named_by_service)
                yield from self.read.split()
            case Phase.UPDATE:
                for name in asked.changed():
                    yield from self.changes.get(name, self.update).split()
                yield from self.read.split()
            case Phase.DELETE:
                yield from self.delete.split()


def _of(table: Mapping[str, str], names: Iterable[str]) -> Iterator[str]:
    for name in names:
        yield from table.get(name, "").split()


def passing(asked: Asked, role: object, service: str) -> Iterator[Right]:
    """Yield the right to hand a service the role, where one is handed over."""
    if asked.phase in (Phase.CREATE, Phase.UPDATE) and isinstance(role, str) and role:
        context = {"iam:PassedToService": f"{service}.amazonaws.com"}
        yield Right(action="iam:PassRole", resource=role, context=context)


def service_role(asked: Asked, service: str, role_name: str) -> Iterator[Right]:
    """Yield the right to let a service make its own role, as the first resource of its kind needs it."""
    if asked.phase is Phase.CREATE:
        yield Right(
            action="iam:CreateServiceLinkedRole",
            resource=f"arn:aws:iam::{asked.account_id}:role/aws-service-role/{service}/{role_name}",
            context={"iam:AWSServiceName": service},
        )
