"""Where in the text a part of the template stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Path = tuple[str | int, ...]
"""Keys and indexes from the template root, e.g. ("Resources", "Table", "Properties", "Tags", 0)."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a text; both counted from 1, columns in characters."""

    line: int
    column: int


def written(path: Path, origins: Mapping[Path, Path]) -> Path:
    """Return where in the text a path stands; `origins` maps what was moved, or what it stands below."""
    for length in range(len(path), 0, -1) if origins else ():
        origin = origins.get(path[:length])
        if origin is not None:
            return (*origin, *path[length:])
    return path


def position_at(text: str, offset: int) -> Position:
    """Return the position of the character at an offset from 0."""
    return Position(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def duplicate_message(key: object, first: Position) -> str:
    """Return the words for a key that stands twice; the error itself points at the second."""
    return f"duplicate key {key!r}: it stands at line {first.line}, column {first.column} already"


class PositionMap:
    """The positions of all parts of one template, scanned when the first is needed."""

    def __init__(self, scan: Callable[[], Mapping[Path, Position]]) -> None:
        self._scan = scan
        self._found: Mapping[Path, Position] | None = None

    def at(self, path: Path) -> Position:
        """Return where the path's key (in a list: element) starts, or that of its nearest part there is."""
        if not path:  # the whole template begins where the text does: no scan for that
            return Position(1, 1)
        if self._found is None:
            self._found = self._scan()
        for length in range(len(path), 0, -1):
            position = self._found.get(path[:length])
            if position is not None:
                return position
        return Position(1, 1)
