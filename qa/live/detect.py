"""Whether a pytest run is a live one, found out cheaply: every pytest run pays for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_two_regions_plugin import live_folders

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

QUIET_OPTIONS = ("collectonly", "showfixtures", "show_fixtures_per_test", "markers", "help", "version")


def is_live(config: pytest.Config) -> bool:
    """Say whether this run will execute tests of the project's live folders.

    True for an xdist worker that was handed a live run, and for a run whose arguments (or testpaths) name
    a live folder or something in it; never for one that only lists.
    """
    handed: dict[str, object] | None = getattr(config, "workerinput", None)
    if handed is not None:
        return "qa_live" in handed
    if any(getattr(config.option, option, False) for option in QUIET_OPTIONS):
        return False
    folders = live_folders(config.rootpath)
    named = [_path_of(argument, config.invocation_params.dir) for argument in config.args]
    return any(_meet(folder, path) for folder in folders for path in named)


def _path_of(argument: str, base: Path) -> Path:
    return (base / argument.partition("::")[0]).resolve()


def _meet(folder: Path, path: Path) -> bool:
    return path.is_relative_to(folder) or folder.is_relative_to(path)
