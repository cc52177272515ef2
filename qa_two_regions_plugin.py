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
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

PLUGIN = "qa.plugin"
ENTRY_POINT = "qa"
SETTINGS = (
    "template",
    "stack-name-prefix",
    "suffix",
    "suffix-variables",
    "capabilities",
    "outputs",
    "live-tests",
    "regions",
    "deploy",
    "destroy",
    "sweep",
    "safety",
    "check",
    "parameters",
    "tags",
    "termination-protection",
    "stack-policy",
    "stack",
    "assembly",
    "environment",
    "endpoints",
    "assets-bucket",
)
"""The keys of `[tool.qa]`; a table that has none of them is another tool's."""
OURS = Path(__file__).resolve().parent / "qa" / "__init__.py"


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Load the plugin if the run is about it; pytest then calls its `pytest_addoption` and all else."""
    config: pytest.Config | None = pluginmanager.get_plugin("pytestconfig")
    if config is None or pluginmanager.has_plugin(PLUGIN):
        return
    if not _requested(config):
        if not _has_live_tests(config):
            return
        # the other entry points first: an option that we had declared before would end their run, not ours
        pluginmanager.load_setuptools_entrypoints("pytest11")
    obstacle = _obstacle(config, parser)
    if obstacle is None:
        pluginmanager.register(importlib.import_module(PLUGIN), PLUGIN)
    elif "PYTEST_XDIST_WORKER" not in os.environ:  # the controller has said it
        sys.stderr.write(f"qa: the pytest plugin is not loaded: {obstacle}\n")


def live_folders(root: Path) -> tuple[Path, ...]:
    """Return the folders of live tests; of settings that cannot be read all, so that the run says why."""
    source, qa = _settings(root)
    if source is None:
        return ()
    named = qa.get("live-tests", ["tests/integration"]) if isinstance(qa, dict) else None
    if not isinstance(named, list) or not all(isinstance(each, str) for each in named):
        return (source.parent,)
    return tuple(source.parent / each for each in named)


def _settings(root: Path) -> tuple[Path | None, object]:
    """Return the file of settings and what it holds: `[tool.qa]`, else the nearest qa.toml, else None.

    pytest takes a folder of tests for the root where there is no pyproject.toml, so qa.toml may lie above.
    """
    of_project = _read(root / "pyproject.toml")
    tool = of_project.get("tool") if isinstance(of_project, dict) else None
    if isinstance(tool, dict) and "qa" in tool:
        return root / "pyproject.toml", tool["qa"]
    for folder in (root, *root.parents):
        source = folder / "qa.toml"
        if os.path.isfile(source):  # noqa: PTH113 - not to be seen is no error
            values = _read(source)
            tool = values.get("tool") if isinstance(values, dict) and set(values) == {"tool"} else None
            return source, tool.get("qa") if isinstance(tool, dict) else values
    return None, None


def _read(source: Path) -> object:
    """Return what a file of settings holds; None where it cannot be read or has no word of qa."""
    try:
        text = source.read_text(encoding="utf-8")
        if source.name == "pyproject.toml" and "qa" not in text:
            return None
        import tomllib  # noqa: PLC0415 - most projects have no such settings

        return tomllib.loads(text)
    except (OSError, ValueError):
        return None  # none there, or pytest has its own words for it


def _obstacle(config: pytest.Config, parser: pytest.Parser) -> str | None:
    """Return why the plugin cannot be loaded, and what to do; None where nothing is in the way."""
    source, table = _settings(config.rootpath)
    if isinstance(table, dict) and table and not any(key in SETTINGS for key in table):
        return (
            f"[tool.qa] in {source} has no key of qa and is taken for another "
            f"tool's. It has: {', '.join(table)}. Expected one of: {', '.join(SETTINGS)}."
        )
    found = _origin_of_qa()
    if found != OURS:
        return (
            f"`import qa` finds {found}, expected {OURS}. Rename the folder or module, or take its parent "
            "off sys.path (`pytest` instead of `python -m pytest`, no pythonpath setting)."
        )
    taken = _taken(parser, importlib.import_module(PLUGIN).OPTIONS)
    if taken:
        return (
            f"another plugin has declared {', '.join(taken)} already. To run the live tests, run without "
            "that plugin: pytest -p no:NAME (`pytest --trace-config` lists the names)."
        )
    return None


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


def _taken(parser: pytest.Parser, options: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return those of the options whose name, or the place of whose value, another plugin uses."""
    actions = parser.optparser._actions  # there is no public list of what was declared
    names = {name for action in actions for name in action.option_strings}
    places = {action.dest for action in actions}
    return [
        option
        for option, settings in options.items()
        if option in names or settings.get("dest", option.lstrip("-").replace("-", "_")) in places
    ]
