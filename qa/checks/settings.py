"""What [tool.qa] of pyproject.toml says to the checks: template, regions, suppressions."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.errors import UsageError
from qa.settings_table import KEYS, SettingsTable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSettings:
    """The settings that checks use."""

    template: Path | None
    regions: tuple[str, ...]
    """The primary first; () where none are written."""
    suppress: Mapping[str, str]
    """ "rule" or "rule:LogicalId" → the reason."""


def find_settings(start: Path) -> CheckSettings | None:
    """Read the nearest pyproject.toml with [tool.qa], from `start` upwards; None without one."""
    for folder in (start.resolve(), *start.resolve().parents):
        source = folder / "pyproject.toml"
        table = _tool_qa(source) if os.path.isfile(source) else None  # noqa: PTH113 - not to be seen is no error
        if table is not None:
            return _settings(table, source)
    return None


def _tool_qa(source: Path) -> object:
    try:
        return tomllib.loads(source.read_text(encoding="utf-8")).get("tool", {}).get("qa")
    except (OSError, ValueError, AttributeError) as error:
        raise UsageError(f"{source} cannot be read: {error}") from error


def _settings(values: object, source: Path) -> CheckSettings:
    table = SettingsTable(values, name="tool.qa", source=source, keys=KEYS)
    regions = table.table("regions")
    named = [regions.text_or_none(role) for role in ("primary", "secondary")]
    template = table.text_or_none("template")
    return CheckSettings(
        template=None if template is None else source.parent / template,
        regions=tuple(region for region in named if region is not None),
        suppress=_suppressions(table.table("check"), source),
    )


def _suppressions(table: SettingsTable, source: Path) -> dict[str, str]:
    written = table.raw("suppress", {})
    if not isinstance(written, dict):
        raise UsageError(f'[tool.qa.check.suppress] of {source} is a table of "rule" = "reason"')
    for rule, reason in written.items():
        if not isinstance(reason, str) or not reason.strip():
            raise UsageError(f"{rule!r} in [tool.qa.check.suppress] of {source} has no reason")
    return written
