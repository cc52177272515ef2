"""Mutations of the template: each breaks one promise, and the check of that promise must see it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Change = Callable[[str], str]
"""From the template's text to the mutated text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """A way to break the template that must turn one check red."""

    check: str
    """The name of the check's test function."""
    breaks: str
    """What is broken, in a few words; unique for the check."""
    change: Change


def mutation(check: str, breaks: str, change: Change) -> tuple[Mutation]:
    """Return a mutation, as a tuple to be joined with others."""
    return (Mutation(check=check, breaks=breaks, change=change),)


def either_side(check: str, breaks: str, change: Callable[[str, str], Change]) -> tuple[Mutation, Mutation]:
    """Return one mutation for each region; `change` gets its own side and the other's.

    A side is `Primary` or `Secondary`, as logical IDs say it.
    """
    sides = ("Primary", "Secondary"), ("Secondary", "Primary")
    east, west = (
        Mutation(check=check, breaks=f"{breaks} ({own.lower()})", change=change(own, other))
        for own, other in sides
    )
    return east, west


def put(path: str, value: object) -> Change:
    """Set what stands at a path; "/" between keys and indexes."""

    def change(body: dict[str, Any]) -> None:
        holder, key = _holder(body, path)
        holder[key] = value

    return on_body(change)


def drop(path: str) -> Change:
    """Remove what stands at a path; it must be there."""

    def change(body: dict[str, Any]) -> None:
        holder, key = _holder(body, path)
        del holder[key]

    return on_body(change)


def add(path: str, value: object) -> Change:
    """Append a value to the list at a path."""

    def change(body: dict[str, Any]) -> None:
        holder, key = _holder(body, path)
        holder[key].append(value)

    return on_body(change)


def replace(path: str, old: str, new: str) -> Change:
    """Replace a part, which must be there, of the text at a path."""

    def change(body: dict[str, Any]) -> None:
        holder, key = _holder(body, path)
        if old not in holder[key]:
            raise LookupError(f"{old!r} does not stand at {path}")
        holder[key] = holder[key].replace(old, new)

    return on_body(change)


def together(*changes: Change) -> Change:
    """Apply several changes, one after the other."""

    def change(text: str) -> str:
        for one in changes:
            text = one(text)
        return text

    return change


def on_body(change: Callable[[dict[str, Any]], None]) -> Change:
    """Apply a change of the parsed template, a copy of its own each time."""

    def on_text(text: str) -> str:
        body = json.loads(text)
        change(body)
        return json.dumps(body, indent=1)

    return on_text


def _holder(body: dict[str, Any], path: str) -> tuple[Any, Any]:
    """Return the object or list that holds the last step of a path, and that step."""
    *steps, last = [int(step) if step.isdecimal() else step for step in path.split("/")]
    holder: Any = body
    for step in steps:
        holder = holder[step]
    return holder, last
