"""What [tool.qa] of pyproject.toml, or qa.toml, says to the checks: template, regions, suppressions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.errors import UsageError
from qa.settings_file import find_settings_file
from qa.settings_table import KEYS, SettingsTable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSettings:
    """The settings that checks use."""

    templates: tuple[Path, ...]
    regions: tuple[str, ...]
    """The primary first; () where none are written."""
    suppress: Mapping[str, str]
    """ "rule" or "rule:LogicalId" → the reason."""


def find_settings(start: Path) -> CheckSettings | None:
    """Read the nearest settings, from `start` upwards; None without one."""
    found = find_settings_file(start)
    return None if found is None else _settings(found[1], found[0])


def _settings(values: object, source: Path) -> CheckSettings:
    table = SettingsTable(values, name="tool.qa", source=source, keys=KEYS)
    stacks = table.tables("stack") or (table,)
    templates = [each.text_or_none("template") for each in stacks]
    return CheckSettings(
        templates=tuple(source.parent / template for template in templates if template is not None),
        regions=_regions(table),
        suppress=_suppressions(table.table("check"), source),
    )


def _regions(table: SettingsTable) -> tuple[str, ...]:
    if isinstance(table.raw("regions", None), list):
        return table.texts("regions", ())
    regions = table.table("regions")
    named = [regions.text_or_none(role) for role in ("primary", "secondary")]
    return tuple(region for region in named if region is not None)


def _suppressions(table: SettingsTable, source: Path) -> dict[str, str]:
    written = table.raw("suppress", {})
    if not isinstance(written, dict):
        raise UsageError(f'[tool.qa.check.suppress] of {source} is a table of "rule" = "reason"')
    for rule, reason in written.items():
        if not isinstance(reason, str) or not reason.strip():
            raise UsageError(f"{rule!r} in [tool.qa.check.suppress] of {source} has no reason")
    return written
