"""Whether a pytest run is a live one, found out cheaply: every pytest run pays for it."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

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
    folders = _live_folders(config.rootpath)
    named = [_path_of(argument, config.invocation_params.dir) for argument in config.args]
    return any(_meet(folder, path) for folder in folders for path in named)


def _live_folders(root: Path) -> tuple[Path, ...]:
    """Return the folders of live tests; of settings that cannot be read all, so that the run says why."""
    settings = root / "pyproject.toml"
    if not settings.is_file():
        return ()
    try:
        qa = tomllib.loads(settings.read_text(encoding="utf-8")).get("tool", {}).get("qa")
    except ValueError:
        return ()  # pytest has its own words for that
    if qa is None:
        return ()
    named = qa.get("live-tests", ["tests/integration"]) if isinstance(qa, dict) else None
    if not isinstance(named, list) or not all(isinstance(each, str) for each in named):
        return (root,)
    return tuple(root / each for each in named)


def _path_of(argument: str, base: Path) -> Path:
    return (base / argument.partition("::")[0]).resolve()


def _meet(folder: Path, path: Path) -> bool:
    return path.is_relative_to(folder) or folder.is_relative_to(path)
