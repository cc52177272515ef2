"""What a check has to say about the template, and how it says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qa.template import Template

    from .stack import Stack

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One place where the template breaks a promise; `actual` and `expected` are shown by repr."""

    what: str
    actual: object
    expected: object
    where: str
    do: str

    def __str__(self) -> str:
        return "\n".join(
            (
                self.what,
                f"  actual:   {self.actual!r}",
                f"  expected: {self.expected!r}",
                f"  where:    {self.where}",
                f"  do:       {self.do}",
            )
        )


def require(findings: Iterable[Finding]) -> None:
    """Raise one AssertionError that tells all findings; none is a pass."""
    __tracebackhide__ = True
    reported = [str(finding) for finding in findings]
    if reported:
        raise AssertionError("\n\n".join(reported))


def place(template: Template, path: Path) -> str:
    """Return a path and where it stands in the text, or where its nearest part does."""
    position = template.position(path)
    steps = "/".join(map(str, path)) or "the whole template"
    return f"{steps}, {template.source}:{position.line}:{position.column}"


def differs(stack: Stack, logical_id: str, path: str, expected: object, *, do: str) -> Iterator[Finding]:
    """Yield a finding unless the resource's property, as resolved in the stack's region, is `expected`.

    `path` is below Properties, "/" between its keys and indexes.
    """
    yield from unless(
        stack, logical_id, path, actual=stack.property(logical_id, path), expected=expected, do=do
    )


def unless(
    stack: Stack, logical_id: str, path: str, *, actual: object, expected: object, do: str
) -> Iterator[Finding]:
    """Yield a finding about a property unless what was made of it is `expected`."""
    if not same(actual, expected):
        yield finding(stack, logical_id, path, actual=actual, expected=expected, do=do)


def finding(
    stack: Stack, logical_id: str, path: str, *, actual: object, expected: object, do: str
) -> Finding:
    """Return a finding about a property of a resource in one region."""
    steps = steps_of(path)
    return Finding(
        what=f"{logical_id} ({stack.region}): {path or 'the resource'}",
        actual=actual,
        expected=expected,
        where=place(stack.template, ("Resources", logical_id, *(("Properties", *steps) if steps else ()))),
        do=do,
    )


def steps_of(path: str) -> Path:
    """Return the keys and indexes of a path written with "/"."""
    return tuple(int(step) if step.isdecimal() else step for step in path.split("/") if step)


def same(actual: object, expected: object) -> bool:
    """Say whether two values are equal; unlike in Python, true is not 1."""
    return actual == expected and isinstance(actual, bool) == isinstance(expected, bool)


def walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield every member below a value with its path, the outer before the inner."""
    members: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict | list):
        members = value.items() if isinstance(value, dict) else enumerate(value)
    for key, member in members:
        yield (*path, key), member
        yield from walk(member, (*path, key))
