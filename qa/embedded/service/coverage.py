"""What a service says of its operations: which are answered truly, and why the others are not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Mapping

EVERY = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of a modelled operation that would change what it does, and has no effect here.

    Without `only`, `never` or `pattern` every value is refused; a value that is false requests nothing.
    """

    path: str
    """Names joined by dots; lists on the way are gone through item by item, maps where `*` stands."""
    why: str
    only: frozenset[str] = frozenset()
    """The values that are modelled."""
    never: frozenset[str] = frozenset()
    """The values that are not."""
    pattern: re.Pattern[str] | None = None
    """What a modelled value looks like."""

    def refuses(self, parameters: Mapping[str, Any]) -> bool:
        """Say whether the parameters of a request hold a value that is not modelled."""
        return any(self._refuses(value) for value in _values(parameters, self.path.split(".")))

    def _refuses(self, value: object) -> bool:
        if not value:
            return False
        text = str(value)
        if self.pattern is not None:
            return self.pattern.fullmatch(text) is None
        if self.only:
            return text not in self.only
        return text in self.never if self.never else True


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The operations of a service that are answered truly, and why the others are not."""

    modelled: frozenset[str]
    refused: Mapping[str, str]
    """Operations with the reason, put as what the embedded AWS lacks."""
    parameters: Mapping[str, tuple[Parameter, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    """Where a modelled operation stays behind AWS without telling anything false."""


def coverage(
    modelled: str,
    *,
    refused: Mapping[str, str],
    parameters: Mapping[str, tuple[Parameter, ...]] | None = None,
    notes: tuple[str, ...] = (),
) -> Coverage:
    """Return what is known of a service; operations stand in texts, `refused` maps a reason to them.

    An operation of `parameters` may be several, divided by blanks. Raises ValueError for one that is
    both modelled and refused.
    """
    reasons = {operation: reason for reason, names in refused.items() for operation in names.split()}
    if both := reasons.keys() & set(modelled.split()):
        raise ValueError(f"both modelled and refused: {', '.join(sorted(both))}")
    rules: dict[str, tuple[Parameter, ...]] = {}
    for names, given in (parameters or {}).items():
        for operation in names.split():
            rules[operation] = (*rules.get(operation, ()), *given)
    return Coverage(modelled=frozenset(modelled.split()), refused=reasons, parameters=rules, notes=notes)


def unmodelled(why: str, *paths: str, only: str = "", never: str = "") -> tuple[Parameter, ...]:
    """Return one parameter for each path; values stand in a text, divided by blanks."""
    return tuple(
        Parameter(path=path, why=why, only=frozenset(only.split()), never=frozenset(never.split()))
        for path in paths
    )


def _values(value: Any, path: list[str]) -> Iterator[object]:
    if isinstance(value, list):
        for item in value:
            yield from _values(item, path)
    elif not path:
        yield value
    elif isinstance(value, dict):
        for name in value if path[0] == EVERY else (path[0],):
            if name in value:
                yield from _values(value[name], path[1:])
