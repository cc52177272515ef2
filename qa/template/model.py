"""A template as values: its sections, its resources, and where each part stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .positions import written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .positions import Path, Position, PositionMap


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One entry of the Resources section, as written; policies may be functions (language extensions)."""

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    condition: str | None
    depends_on: tuple[str, ...]
    deletion_policy: Any
    update_replace_policy: Any
    metadata: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Template:
    """A parsed template. Its parts are plain dicts and lists: shared, so read them only."""

    source: str
    text: str = field(repr=False)
    body: Mapping[str, Any] = field(repr=False)
    resources: Mapping[str, Resource] = field(repr=False)
    parameters: Mapping[str, Mapping[str, Any]] = field(repr=False)
    mappings: Mapping[str, Mapping[str, Any]] = field(repr=False)
    conditions: Mapping[str, Any] = field(repr=False)
    rules: Mapping[str, Mapping[str, Any]] = field(repr=False)
    outputs: Mapping[str, Mapping[str, Any]] = field(repr=False)
    metadata: Mapping[str, Any] = field(repr=False)
    transforms: tuple[str, ...] = field(repr=False)
    positions: PositionMap = field(repr=False)
    origins: Mapping[Path, Path] = field(default_factory=dict, repr=False)
    """Where in the text that stands what a transform moved: a loop's resources, values of Globals."""
    has_loops: bool = field(default=False, repr=False)
    """Fn::ForEach, or a function for a Condition or DependsOn, is not written out: `resources` lacks it."""
    is_expanded: bool = field(default=False, repr=False)
    """Transforms are applied, as far as they can be without AWS."""
    unfolded: int = field(default=0, repr=False)
    """Characters that loops made of the text."""

    def written(self, path: Path) -> Path:
        """Return the path as the text has it, e.g. within the loop that made the resource."""
        return written(tuple(path), self.origins)

    def position(self, path: Path) -> Position:
        """Return where the path's key or list element starts.

        For a path that is not there: where its nearest part stands, e.g. the resource that lacks it.
        The first call scans the text once.
        """
        return self.positions.at(self.written(path))
