"""What the doctor says of one thing."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Mark(enum.Enum):
    """The words at the beginning of a line."""

    OK = "ok"
    WRONG = "wrong"
    NOTE = "note"
    """Nothing to fix, but worth knowing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at; `remedy` is what to do about it."""

    about: str
    mark: Mark
    text: str
    remedy: str | None = None


def ok(about: str, text: str) -> Finding:
    """Return a finding of something as it should be."""
    return Finding(about=about, mark=Mark.OK, text=text)


def wrong(about: str, text: str, remedy: str | None = None) -> Finding:
    """Return a finding of something that has to be fixed."""
    return Finding(about=about, mark=Mark.WRONG, text=text, remedy=remedy)


def note(about: str, text: str, remedy: str | None = None) -> Finding:
    """Return a finding worth knowing."""
    return Finding(about=about, mark=Mark.NOTE, text=text, remedy=remedy)


def is_well(findings: Iterable[Finding]) -> bool:
    """Say whether nothing has to be fixed."""
    return all(each.mark is not Mark.WRONG for each in findings)
