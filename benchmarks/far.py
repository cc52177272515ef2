"""The 31 live checks against an AWS that is far away: every request waits before it is handed on."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from qa.embedded.process import start_embedded
from qa.embedded.settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY
from qa.live.session import EMBEDDED_SETTINGS

from .figures import Figure, Samples
from .measuring import ROOT, run
from .proxy import delaying_proxy
from .timeline import VARIABLE, Ran, read_timeline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DELAY = 0.080
RUNS = 3
COPIED = ("pyproject.toml", "lib", "tests/__init__.py", "tests/integration")
DEPLOY = (sys.executable, "-m", "qa", "deploy")
CHECKS = (
    *(sys.executable, "-m", "pytest", "tests/integration", "-n", "4", "--dist", "loadgroup"),
    *("-p", "benchmarks.timeline", "-p", "no:cacheprovider"),
)


def far_integration() -> tuple[Figure, ...]:
    """The 31 on four workers through the proxy, from first to last, against the longest of their groups."""
    with _far_desk() as (desk, url):
        where = ("--target", "endpoint", "--endpoint-url", url)
        _run(desk, *DEPLOY, *where)
        timelines = [_timeline(desk, *CHECKS, *where) for _ in range(RUNS)]
    return (
        Figure(
            measured=Samples(what="the 31, 80 ms per request", values=tuple(map(wall_seconds, timelines))),
            reference=Samples(
                what="their longest xdist group",
                values=tuple(max(group_seconds(ran).values()) for ran in timelines),
            ),
            at_most_ratio=1.5,
        ),
    )


def wall_seconds(ran: Iterable[Ran]) -> float:
    """Return the seconds from the first check's start to the last check's end."""
    every = tuple(ran)
    return max(each.ended for each in every) - min(each.begun for each in every)


def group_seconds(ran: Iterable[Ran]) -> dict[str, float]:
    """Return what the checks of each group took in all; one of no group is a group of its own."""
    seconds: dict[str, float] = {}
    for each in ran:
        seconds[each.group] = seconds.get(each.group, 0.0) + each.ended - each.begun
    return seconds


@contextmanager
def _far_desk() -> Iterator[tuple[Path, str]]:
    """Yield a checkout of its own, whose outputs nobody else needs, and the URL of a far AWS."""
    server = start_embedded(EMBEDDED_SETTINGS)
    try:
        port = urlsplit(server.endpoint).port or 0
        with tempfile.TemporaryDirectory() as folder, delaying_proxy(to_port=port, seconds=DELAY) as proxy:
            for name in COPIED:
                _copy(ROOT / name, Path(folder) / name)
            yield Path(folder), proxy.url
    finally:
        server.stop()


def _copy(source: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, to, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, to)


def _timeline(desk: Path, *command: str) -> tuple[Ran, ...]:
    path = desk / "timeline.json"
    _run(desk, *command, **{VARIABLE: str(path)})
    return read_timeline(path)


def _run(desk: Path, *command: str, **variables: str) -> None:
    environment = {
        **os.environ,
        "AWS_ACCESS_KEY_ID": ADMIN_ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": ADMIN_SECRET_ACCESS_KEY,
        "PYTHONPATH": str(ROOT),  # for the plugin that takes the times
        **variables,
    }
    run(command, cwd=desk, environment=environment)
