"""The entry point of pytest: loads `qa.plugin` for projects with live tests, and for nobody else.

Every pytest run of an environment loads this module. It has a name of its own, because a project may have a
folder or module `qa` that hides ours; and it does not import `qa`, because that would hide the project's.
"""

from __future__ import annotations

import importlib
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

PLUGIN = "qa.plugin"
ENTRY_POINT = "qa"
OURS = Path(__file__).resolve().parent / "qa" / "__init__.py"


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Load the plugin if the run is about it; pytest then calls its `pytest_addoption` and all else."""
    del parser
    config: pytest.Config | None = pluginmanager.get_plugin("pytestconfig")
    if config is None or pluginmanager.has_plugin(PLUGIN):
        return
    if not (_requested(config) or _has_live_tests(config)):
        return
    found = _origin_of_qa()
    if found == OURS:
        pluginmanager.register(importlib.import_module(PLUGIN), PLUGIN)
    elif "PYTEST_XDIST_WORKER" not in os.environ:  # the controller has said it
        sys.stderr.write(
            f"qa: the pytest plugin is not loaded: `import qa` finds {found}, expected {OURS}. Rename the "
            "folder or module, or take its parent off sys.path (`pytest` instead of `python -m pytest`, no "
            "pythonpath setting).\n"
        )


def live_folders(root: Path) -> tuple[Path, ...]:
    """Return the folders of live tests; of settings that cannot be read all, so that the run says why."""
    try:
        text = (root / "pyproject.toml").read_text(encoding="utf-8")
        if "qa" not in text:
            return ()
        import tomllib  # noqa: PLC0415 - most projects have no such table

        tool = tomllib.loads(text).get("tool")
    except (OSError, ValueError):
        return ()  # none there, or pytest has its own words for it
    qa = tool.get("qa") if isinstance(tool, dict) else None
    if qa is None:
        return ()
    named = qa.get("live-tests", ["tests/integration"]) if isinstance(qa, dict) else None
    if not isinstance(named, list) or not all(isinstance(each, str) for each in named):
        return (root,)
    return tuple(root / each for each in named)


def _requested(config: pytest.Config) -> bool:
    """Say whether the command line, PYTEST_ADDOPTS or the settings have `-p qa`."""
    return ENTRY_POINT in getattr(config.known_args_namespace, "plugins", ())


def _has_live_tests(config: pytest.Config) -> bool:
    return any(folder.exists() for folder in live_folders(config.rootpath))


def _origin_of_qa() -> Path | None:
    """Return the file that `import qa` would run; None where it is no file."""
    try:
        spec = find_spec("qa")
    except ValueError:  # something put it into sys.modules by hand
        spec = None
    return Path(spec.origin).resolve() if spec is not None and spec.origin else None
