"""The pytest plugin: options, markers and fixtures that call the library; nothing heavy at import."""

from __future__ import annotations

import argparse
import traceback
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from qa.live.handover import Live
    from qa.resilience.scene import Scene
    from qa.stack.clients import Clients

NOT_EXERCISED_EXIT = 6
OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "--target": {"help": "embedded (default; started by the run), aws or endpoint"},
    "--endpoint-url": {"help": "the address of --target endpoint (default: AWS_ENDPOINT_URL)"},
    "--profile": {"dest": "qa_profile", "help": "the credentials' profile for aws or endpoint"},
    "--report": {
        "metavar": "DIR",
        "help": "write the run's report into DIR/<run> in any case (default: .qa/runs/<run>, if it is red)",
    },
    "--suffix": {"help": "the environment's suffix (default: of [tool.qa])"},
    "--stack-name": {"help": "the name of both stacks (default: prefix and suffix)"},
    "--accept-template": {
        "action": "store_true",
        "help": "run although the stacks are of another template",
    },
    "--writes": {
        "action": "store_true",
        "help": "let ready checks write, send and invoke at a target that is not the run's own",
    },
    "--accept-not-exercised": {
        "action": "store_true",
        "help": f"exit 0, not {NOT_EXERCISED_EXIT}, when a check could not do its work without paging a "
        "person",
    },
}
"""What a live run adds to pytest's command line; the entry point looks whether others have it already."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options of a live run."""
    group = parser.getgroup("qa", "qa: one stack in two regions")
    for option, settings in OPTIONS.items():
        group.addoption(option, **settings)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None]:
    """Say in one line that a conftest declares an option of ours, for which pytest has but a traceback."""
    try:
        return (yield)
    except (ValueError, argparse.ArgumentError) as error:
        steps = traceback.extract_tb(error.__traceback__)
        declaring = [step.filename for step in steps if step.name == "pytest_addoption"]
        named = {text.strip("{}[]'\":,;()") for text in str(error).split()}
        if not declaring or named.isdisjoint(OPTIONS):
            raise
        raise pytest.UsageError(
            f"qa: {declaring[-1]} declares an option that qa's pytest plugin has too: {error}. Rename it, "
            "or run without the plugin: pytest -p no:qa"
        ) from None


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Declare `pytest_qa_prepare`."""
    from qa.live import hooks  # noqa: PLC0415 - as everywhere here: pytest runs of others must not pay

    pluginmanager.add_hookspecs(hooks)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker, and take part in live runs only."""
    config.addinivalue_line(
        "markers",
        "qa_check(check, regions, watches=0): a live check's ID; regions: primary, secondary or both; "
        "watches: seconds for which it looks on by design, so that it is handed out early; alone: no other "
        "check may run beside it",
    )
    from qa.live.detect import is_live  # noqa: PLC0415

    if is_live(config):
        from qa.live.plugin import LivePlugin  # noqa: PLC0415

        config.pluginmanager.register(LivePlugin(config), "qa-live")


@pytest.fixture(scope="session")
def qa_live(request: pytest.FixtureRequest) -> Live:
    """The live run: target, deployment, account, outputs and what was prepared."""
    from qa.live.pytest_run import live_of  # noqa: PLC0415

    return live_of(request.config)


@pytest.fixture(scope="session")
def qa_clients(request: pytest.FixtureRequest) -> Clients:
    """The boto3 clients of the run's target; a red check's report shows the requests sent through them."""
    from qa.live.pytest_run import clients_of  # noqa: PLC0415

    return clients_of(request.config)


@pytest.fixture
def qa_in_each_region(
    qa_live: Live, record_property: Callable[[str, object], None]
) -> Callable[[Callable[[str], None]], None]:
    """Run a check in both regions at once; each gets a verdict of its own, and no failure hides another."""
    from qa.live.regions import in_each_region  # noqa: PLC0415

    def run(check: Callable[[str], None]) -> None:
        __tracebackhide__ = True
        in_each_region(qa_live.deployment.region_names, check, record=record_property)

    return run


@pytest.fixture
def qa_measure(record_property: Callable[[str, object], None]) -> Callable[..., None]:
    """Record measured seconds under a name, and the `bound` that they must keep to, if there is one."""

    def record(name: str, seconds: float, *, bound: float | None = None) -> None:
        record_property(f"qa.measure.{name}", f"{seconds:.4f}")
        if bound is not None:
            record_property(f"qa.bound.{name}", f"{bound:g}")

    return record


@pytest.fixture
def qa_not_exercised(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Say why a check could not do its work: it is then reported NOT-EXERCISED, never green."""
    return lambda reason: record_property("qa.not_exercised", reason)


@pytest.fixture
def qa_scene(
    request: pytest.FixtureRequest, qa_clients: Clients, record_property: Callable[[str, object], None]
) -> Scene:
    """What a ready check of `qa.resilience` works with."""
    from qa.live.ready import scene_of  # noqa: PLC0415

    return scene_of(request.config, qa_clients, record_property)
