"""Where the settings of a project lie: `[tool.qa]` of pyproject.toml, or qa.toml."""

from __future__ import annotations

import os
import tomllib
from typing import TYPE_CHECKING

from qa.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PYPROJECT, QA_TOML = "pyproject.toml", "qa.toml"


def find_settings_file(start: Path) -> tuple[Path, object] | None:
    """Return the nearest file with settings, from `start` upwards, and what is in it; None without one.

    Raises UsageError for a file that cannot be read, and for a folder that has both.
    """
    for folder in (start.resolve(), *start.resolve().parents):
        found = settings_in(folder)
        if found is not None:
            return found
    return None


def settings_in(folder: Path) -> tuple[Path, object] | None:
    """Return the folder's own settings and their file; None where it has none."""
    values = {
        name: _values(folder / name)
        for name in (PYPROJECT, QA_TOML)
        if os.path.isfile(folder / name)  # noqa: PTH113 - not to be seen is no error
    }
    found = {name: each for name, each in values.items() if each is not None}
    if len(found) > 1:
        raise UsageError(
            f"{folder} has settings in two places: [tool.qa] of {PYPROJECT}, and {QA_TOML}. Keep one of them."
        )
    return next(((folder / name, each) for name, each in found.items()), None)


def _values(source: Path) -> object:
    try:
        read: Mapping[str, object] = tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:  # ValueError: no TOML, or no UTF-8
        raise UsageError(f"{source} cannot be read: {error}") from error
    if source.name == QA_TOML and set(read) != {"tool"}:
        return read
    tools = read.get("tool", {})
    return tools.get("qa") if isinstance(tools, dict) else None
