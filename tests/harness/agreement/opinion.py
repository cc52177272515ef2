"""What one of the two says of a template, in a form that can be compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.template import Path

COUNTERPARTS = {
    "unknown-type": "E3006",
    "unknown-property": "E3002",
    "missing-property": "E3003",
    "wrong-type": "E3012",
    "wrong-value": "E3030",
    "circular-dependency": "E3004",
}
"""Our rule → cfn-lint's."""
EDGE = "edge"
"""The pseudo rule of the graph: one place per resource and resource that it needs."""
READING = "reading"
"""The pseudo rule of a template that one refuses to read."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rule, named as cfn-lint names it, finds something."""

    rule: str
    path: Path
    """For a missing property: of what lacks it. For an edge: both logical IDs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What one says of a template."""

    said: Mapping[Place, str]
    """Each place with the words."""
    beside: Mapping[Place, str] = field(default_factory=dict)
    """What it says by rules that are not compared, which may explain a difference."""
    refusal: str | None = None
    """Why the template could not be read; nothing is said then."""
