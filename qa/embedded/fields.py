"""The fields of a JSON body, declared as data and read strictly: no part of a body is ever ignored."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Protocol

from qa.errors import QaError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

LONGEST_LIST = 16
"""Of more names than that a message shows none but the nearest."""
LONGEST_VALUE = 80


class FieldError(QaError):
    """A body that is not what its fields say; nothing of it was done."""


class FieldType(Protocol):
    """What values a field takes."""

    @property
    def words(self) -> str:
        """The values in words, for pages and messages."""
        ...

    def check(self, name: str, value: object, others: Mapping[str, Any]) -> str | None:
        """Return a sentence on what is wrong with a value, None if nothing is; `others` stand before it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A finite number within a range."""

    least: float
    most: float
    unit: str = "seconds"
    is_above: bool = False
    """The least itself is excluded."""
    is_whole: bool = False

    @property
    def words(self) -> str:
        """The range with its unit."""
        begin = f"above {self.least:g}" if self.is_above else f"at least {self.least:g}"
        kind = "whole number" if self.is_whole else "number"
        return f"a {kind} of {self.unit}, {begin} and at most {self.most:,.15g}"

    def check(self, name: str, value: object, _: Mapping[str, Any]) -> str | None:
        """Refuse other types, numbers that are not finite, and numbers out of range."""
        if isinstance(value, bool) or not isinstance(value, int if self.is_whole else (int, float)):
            return f"{name!r} must be {self.words}; got {shown(value)}."
        is_low = value <= self.least if self.is_above else value < self.least
        if is_low or value > self.most or (isinstance(value, float) and not math.isfinite(value)):
            return f"{name!r} must be {self.words}; got {shown(value)}."
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of a few words."""

    options: tuple[str, ...]

    @property
    def words(self) -> str:
        """The options."""
        return " or ".join(f'"{each}"' for each in self.options)

    def check(self, name: str, value: object, _: Mapping[str, Any]) -> str | None:
        """Refuse any other word, with the nearest."""
        if not isinstance(value, str):
            return f"{name!r} must be {self.words}; got {shown(value)}."
        return None if value in self.options else unknown(name, value, self.options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One of the names that AWS or the embedded AWS has, such as a region."""

    words: str
    refusal: Callable[[str, Mapping[str, Any]], str | None]
    """Returns a sentence on what is wrong with a name, None if nothing is."""

    def check(self, name: str, value: object, others: Mapping[str, Any]) -> str | None:
        """Refuse other types and unknown names."""
        if not isinstance(value, str):
            return f"{name!r} must be {self.words}; got {shown(value)}."
        return self.refusal(value, others)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a body."""

    name: str
    type: FieldType
    summary: str
    is_required: bool = False
    default: str | float | None = None
    """The value of a field that is left out; None for no value."""
    needs: str | None = None
    """Another field without which this one has no meaning; it stands before this one."""


def read_json(content: bytes) -> dict[str, Any]:
    """Return the JSON object of a body, an empty one for no body. Raises FieldError for anything else."""
    try:
        body = json.loads(content or b"{}", object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise FieldError(f"the body is not valid JSON: {error}") from error
    if not isinstance(body, dict):
        raise FieldError(f"the body must be a JSON object; got {shown(body)}.")
    return body


def read_fields(what: str, fields: Collection[Field], body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of all fields that have one, in the order of the fields.

    Raises FieldError for a field that is unknown or missing, and for a value that the field does not take.
    """
    known = tuple(field.name for field in fields)
    for name in body:
        if name not in known:
            raise FieldError(f"{what}: {unknown('field', name, known)}")
    values: dict[str, Any] = {}
    for field in fields:
        _require(what, field, body)
        if field.name in body:
            if (wrong := field.type.check(field.name, body[field.name], values)) is not None:
                raise FieldError(f"{what}: {wrong}")
            values[field.name] = body[field.name]
        elif field.default is not None:
            values[field.name] = field.default
    return values


def _require(what: str, field: Field, body: Mapping[str, Any]) -> None:
    if field.is_required and field.name not in body:
        raise FieldError(f"{what}: {field.name!r} is required: {field.type.words}.")
    if field.needs is not None and field.name in body and field.needs not in body:
        raise FieldError(f"{what}: {field.name!r} requires {field.needs!r}.")


def unknown(what: str, name: str, known: Collection[str]) -> str:
    """Say that a name is unknown, with the nearest that is known, or all if they are few."""
    near = nearest(name, known)
    if near is not None:
        return f"unknown {what} {shown(name)}. Did you mean {near!r}?"
    if len(known) > LONGEST_LIST:
        return f"unknown {what} {shown(name)}."
    listed = f"Known: {', '.join(repr(each) for each in known)}." if known else "There are none."
    return f"unknown {what} {shown(name)}. {listed}"


def nearest(name: str, known: Collection[str]) -> str | None:
    """Return the known name that is most like a name; None if none is."""
    folded = {each.lower(): each for each in known}
    near = get_close_matches(name.lower(), sorted(folded), n=1)
    return folded[near[0]] if near else None


def shown(value: object) -> str:
    """Return a value for a message, cut when it is long."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # an integer of more digits than Python writes
        text = f"<{type(value).__name__}>"
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(pairs)
    if len(body) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {shown(twice)} occurs more than once")
    return body
