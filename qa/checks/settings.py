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

    stacks: tuple[tuple[Path, tuple[str, ...]], ...]
    """Each template with its regions; the same as `regions` where it does not say its own."""
    regions: tuple[str, ...]
    """The primary first; () where none are written."""
    assembly: Path | None
    """A CDK cloud assembly, which has the templates."""
    suppress: Mapping[str, str]
    """ "rule" or "rule:LogicalId" → the reason."""


def find_settings(start: Path) -> CheckSettings | None:
    """Read the nearest settings, from `start` upwards; None without one."""
    found = find_settings_file(start)
    return None if found is None else _settings(found[1], found[0])


def _settings(values: object, source: Path) -> CheckSettings:
    table = SettingsTable(values, name="tool.qa", source=source, keys=KEYS)
    regions, assembly = _regions(table), table.text_or_none("assembly")
    stacks = [(table.text_or_none("template"), regions)]
    if written := table.tables("stack"):
        stacks = [(each.text_or_none("template"), each.texts("regions", regions)) for each in written]
    return CheckSettings(
        stacks=tuple((source.parent / template, own) for template, own in stacks if template is not None),
        regions=regions,
        assembly=None if assembly is None else source.parent / assembly,
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
