"""What a check of a template says: one place, one fault, one way out."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.template import Path


class Severity(enum.StrEnum):
    """How sure and how bad: an error cannot work, a warning may not, a note is worth a look."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One place where a template breaks a rule; `Template.position` says where the path stands."""

    rule: str
    """Stable ID, e.g. "circular-dependency"."""
    severity: Severity
    region: str | None
    """None where it holds in every region checked."""
    logical_id: str | None
    """The resource, or in Outputs, Parameters and so on the entry; None for the whole template."""
    path: Path
    """From the template root."""
    message: str
    """One sentence; AWS's own words where it has some."""
    actual: object
    """What stands there, as JSON would have it."""
    expected: str
    fix: str
    """What to do."""
    source: str
    """The page that proves it."""
    suppressed: str | None = None
    """The reason why it does not count; None when it counts."""
    is_quoted: bool = False
    """The message is AWS's own line: reported unbroken."""
