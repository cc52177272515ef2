"""Values that only AWS can know, kept as values: they compare by what they stand for."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Unknown:
    """A value that is not known without AWS; str() writes it as Fn::Sub would."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ResourceRef(Unknown):
    """What Ref of a resource will give: mostly its physical ID."""

    logical_id: str

    def __str__(self) -> str:
        return f"${{{self.logical_id}}}"


@dataclass(frozen=True, slots=True)
class ResourceAttribute(Unknown):
    """What Fn::GetAtt of a resource will give."""

    logical_id: str
    attribute: object
    """Text, or an Unknown where the name itself is one."""

    def __str__(self) -> str:
        return f"${{{self.logical_id}.{self.attribute}}}"


@dataclass(frozen=True, slots=True)
class ImportedValue(Unknown):
    """An export of another stack."""

    name: object
    """Text, or an Unknown."""

    def __str__(self) -> str:
        return f"${{ImportValue:{self.name}}}"


@dataclass(frozen=True, slots=True)
class SsmParameter(Unknown):
    """What a parameter of a Systems Manager type will hold: the value stored under a name."""

    name: str

    def __str__(self) -> str:
        return f"${{resolve:ssm:{self.name}}}"


@dataclass(frozen=True, slots=True)
class AvailabilityZones(Unknown):
    """The zones of a region, a list; each account has its own."""

    region: object
    """Text, or an Unknown."""

    def __str__(self) -> str:
        return f"${{GetAZs:{self.region}}}"


@dataclass(frozen=True, slots=True)
class Computed(Unknown):
    """What a function makes of arguments that are not all known, e.g. Fn::Select of the zones."""

    function: str
    arguments: tuple[object, ...]
    """In the function's order; lists and maps in them are frozen to tuples."""

    def __str__(self) -> str:
        return f"${{{self.function.removeprefix('Fn::')}({', '.join(map(str, self.arguments))})}}"


@dataclass(frozen=True, slots=True)
class Concatenation(Unknown):
    """Text with unknown parts, from Fn::Sub or Fn::Join; neighbouring texts are one part."""

    parts: tuple[str | Unknown, ...]

    def __str__(self) -> str:
        return "".join(map(str, self.parts))


def concatenated(parts: Iterable[str | Unknown]) -> str | Unknown:
    """Return the parts as one value: text if all are known, a lone unknown itself."""
    merged: list[str | Unknown] = []
    for is_text, run in groupby(_pieces(parts), key=lambda piece: isinstance(piece, str)):
        pieces = list(run)
        merged += ["".join(map(str, pieces))] if is_text else pieces
    if not merged:
        return ""
    return merged[0] if len(merged) == 1 else Concatenation(tuple(merged))


def _pieces(parts: Iterable[str | Unknown]) -> Iterator[str | Unknown]:
    for part in parts:
        if isinstance(part, Concatenation):
            yield from part.parts
        elif part != "":
            yield part


def unknowns_in(value: object) -> tuple[Unknown, ...]:
    """Return the elementary unknowns anywhere in a resolved value, in order, repeats included."""
    match value:
        case Concatenation():
            return tuple(found for part in value.parts for found in unknowns_in(part))
        case Computed():
            return tuple(found for part in value.arguments for found in unknowns_in(part))
        case Unknown():
            return (value,)
        case dict():
            return tuple(found for part in value.values() for found in unknowns_in(part))
        case list() | tuple():
            return tuple(found for part in value for found in unknowns_in(part))
        case _:
            return ()


def frozen(value: object) -> object:
    """Return the value with lists as tuples and maps as tuples of pairs, so that it can be hashed."""
    if isinstance(value, list):
        return tuple(frozen(part) for part in value)
    if isinstance(value, dict):
        return tuple((key, frozen(part)) for key, part in value.items())
    return value
