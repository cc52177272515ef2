"""A policy document as values: parsed once, read many times."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .errors import PolicyError
from .patterns import variables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

VERSION_WITH_VARIABLES = "2012-10-17"


class Effect(Enum):
    """What a statement does."""

    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One line of a condition block: an operator, a condition key and the values it is held against."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Principals:
    """Whom a statement of a resource policy names; pairs of kind (AWS, Service, …) and name."""

    names: frozenset[tuple[str, str]]
    are_excluded: bool = False
    """True for NotPrincipal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement; `principals` is None in a policy of an identity."""

    effect: Effect
    actions: tuple[str, ...]
    excludes_actions: bool = False
    """True for NotAction."""
    resources: tuple[str, ...] = ("*",)
    excludes_resources: bool = False
    """True for NotResource."""
    principals: Principals | None = None
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A policy document and where it comes from."""

    name: str
    kind: str = "none"
    """SourcePolicyType of the simulator: user, group, role, user-managed, resource or none."""
    statements: tuple[Statement, ...] = field(default=())
    has_variables: bool = True
    """False for the version 2008-10-17, where `${…}` is plain text."""

    def context_keys(self) -> frozenset[str]:
        """Return the condition keys that conditions and policy variables mention."""
        return frozenset(key for statement in self.statements for key in _keys(statement))


def parse_policy(document: str | bytes | Mapping[str, Any], *, name: str, kind: str = "none") -> Policy:
    """Return the policy that a JSON document or its parsed form holds.

    Raises PolicyError naming the policy for what the policy language does not know.
    """
    if isinstance(document, bytes):
        document = document.decode()
    text = document if isinstance(document, str) else json.dumps(document)
    return _parsed(text, name, kind)


@lru_cache(maxsize=1024)
def _parsed(text: str, name: str, kind: str) -> Policy:
    try:
        document = json.loads(text)
    except ValueError as problem:
        raise PolicyError(name, f"no JSON ({problem})") from problem
    if not isinstance(document, dict) or "Statement" not in document:
        raise PolicyError(name, "it has no Statement")
    statements = document["Statement"]
    return Policy(
        name=name,
        kind=kind,
        statements=tuple(
            _statement(each, name) for each in (statements if isinstance(statements, list) else [statements])
        ),
        has_variables=document.get("Version") == VERSION_WITH_VARIABLES,
    )


def _statement(document: object, policy: str) -> Statement:
    if not isinstance(document, dict) or document.get("Effect") not in ("Allow", "Deny"):
        raise PolicyError(policy, f"a statement has no Effect Allow or Deny: {document!r}")
    if ("Action" in document) == ("NotAction" in document):
        raise PolicyError(policy, f"a statement needs one of Action and NotAction: {document!r}")
    return Statement(
        effect=Effect(document["Effect"]),
        actions=_texts(document.get("Action", document.get("NotAction"))),
        excludes_actions="NotAction" in document,
        resources=_texts(document.get("Resource", document.get("NotResource", "*"))),
        excludes_resources="NotResource" in document,
        principals=_principals(document),
        conditions=tuple(_conditions(document.get("Condition") or {})),
    )


def _principals(document: dict[str, Any]) -> Principals | None:
    named = document.get("Principal", document.get("NotPrincipal"))
    if named is None:
        return None
    pairs = {"AWS": named} if isinstance(named, str) else named
    return Principals(
        names=frozenset((kind, name) for kind, names in pairs.items() for name in _texts(names)),
        are_excluded="NotPrincipal" in document,
    )


def _conditions(block: dict[str, dict[str, Any]]) -> Iterator[Condition]:
    for operator, lines in block.items():
        for key, values in lines.items():
            yield Condition(operator=operator, key=key, values=_texts(values))


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(_text(each) for each in value)
    return (_text(value),)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _keys(statement: Statement) -> Iterator[str]:
    for condition in statement.conditions:
        yield condition.key
        for value in condition.values:
            yield from variables(value)
    for resource in statement.resources:
        yield from variables(resource)
