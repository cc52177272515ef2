"""IAM policies as sets: what a statement says, however it is written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .stack import ABSENT, below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .stack import Stack


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """One action on one resource, allowed while every condition holds."""

    action: str
    resource: str
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...] = ()


def listed(value: Any) -> list[Any]:
    """Return a list where a policy may have one value or several; none for ABSENT."""
    if value is ABSENT:
        return []
    return value if isinstance(value, list) else [value]


def statements(stack: Stack, logical_id: str, path: str) -> list[dict[str, Any]]:
    """Return the statements of a policy document, with the meaning of their values."""
    found = listed(stack.meaning(stack.property(logical_id, f"{path}/Statement")))
    return [statement for statement in found if isinstance(statement, dict)]


def principals(statement: dict[str, Any], kind: str) -> frozenset[str]:
    """Return the principals of one kind (`AWS`, `Service`) of a statement."""
    return frozenset(map(str, listed(below(statement, f"Principal/{kind}"))))


def has_wildcard_principal(statement: dict[str, Any]) -> bool:
    """Say whether a statement names everybody, or everybody but some."""
    return (
        "NotPrincipal" in statement
        or below(statement, "Principal") == "*"
        or any(
            "*" in str(name) for kind in _members(statement, "Principal").values() for name in listed(kind)
        )
    )


def role_statements(stack: Stack, role: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each statement of a role's inline policies with its path below Properties."""
    for policy, _ in enumerate(listed(stack.property(role, "Policies"))):
        path = f"Policies/{policy}/PolicyDocument"
        for index, statement in enumerate(statements(stack, role, path)):
            yield f"{path}/Statement/{index}", statement


def role_rights(stack: Stack, role: str) -> frozenset[Right]:
    """Return what a role's inline policies allow, right by right."""
    return frozenset(right for _, statement in role_statements(stack, role) for right in rights(statement))


def rights(statement: dict[str, Any]) -> Iterator[Right]:
    """Yield what one statement says; anything but a plain Allow shows in the action."""
    plain = statement.get("Effect") == "Allow" and {"Action", "Resource"} <= set(statement)
    for action in listed(statement.get("Action", statement.get("NotAction", ABSENT))):
        for resource in listed(statement.get("Resource", statement.get("NotResource", ABSENT))):
            yield Right(
                str(action) if plain else f"not allowed: {action}", str(resource), conditions(statement)
            )


def conditions(statement: dict[str, Any]) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return the conditions of a statement as (operator, key, values), sorted."""
    return tuple(
        sorted(
            (operator, key, tuple(sorted(map(str, listed(values)))))
            for operator, keys in _members(statement, "Condition").items()
            for key, values in (keys if isinstance(keys, dict) else {}).items()
        )
    )


def _members(statement: dict[str, Any], key: str) -> dict[str, Any]:
    found = statement.get(key)
    return found if isinstance(found, dict) else {}
