"""One run through a hostile network: an AWS of its own, deploy, the live checks, destroy."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from qa.stack import Clients, Credentials, Target, TargetKind
from qa.wait import until

from .faults import FirstOfEach, Mix
from .left import left_on
from .proxy import HostileProxy, hostile_proxy
from .record import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .faults import Weather

COPIED = ("pyproject.toml", "lib", "tests/__init__.py", "tests/integration")
SERVE = ("serve", "--alarm-interval", "2", "--table-lag", "0.3", "--document-lag", "0.5")
EXPORTS = ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
STEP_WITHIN = 600.0
_EXPORT = re.compile(r"^export (\w+)=(\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Case:
    """A run that is to be made: `mix` with a seed, or a fault for the first of each operation."""

    mode: str
    seed: int
    latency: float

    def weather(self) -> Weather:
        """Return what decides over each request."""
        return Mix(self.seed, self.latency) if self.mode == "mix" else FirstOfEach(self.mode)


def run_case(case: Case, *, source: Path, logs: Path | None = None) -> Outcome:
    """Make one run. The logs of a run that is not good are kept in a folder of `logs`."""
    commit = commit_of(source)  # before the run: the checkout may be changed during it
    with tempfile.TemporaryDirectory(prefix="qa-hostile-") as name:
        folder = Path(name).resolve()
        for each in COPIED:
            _copy(source / each, folder / each)
        with _serving(folder) as exports:
            port = urlsplit(exports["AWS_ENDPOINT_URL"]).port or 0
            with hostile_proxy(to_port=port, weather=case.weather()) as proxy:
                outcome = replace(_steps(case, folder, proxy, exports), commit=commit)
        if logs is not None and not outcome.is_good:
            kept = logs / f"{case.mode}-{case.seed}"
            kept.mkdir(parents=True, exist_ok=True)
            for log in (*folder.glob("*.log"), *folder.glob("*.xml")):
                shutil.copy(log, kept)
        return outcome


def _steps(case: Case, folder: Path, proxy: HostileProxy, exports: Mapping[str, str]) -> Outcome:
    where = ("--target", "endpoint", "--endpoint-url", proxy.url)
    checks = (
        *("-m", "pytest", "tests/integration", "-n", "2", "--dist", "loadgroup"),
        *("-p", "no:cacheprovider"),
    )
    commands = {
        "deploy": ("-m", "qa", "deploy", *where),
        "checks": (*checks, "--junitxml", "checks.xml", *where),
        "destroy": ("-m", "qa", "destroy", "--yes", *where),
    }
    exits: dict[str, int] = {}
    seconds: dict[str, float] = {}
    for step, command in commands.items():
        if step == "checks" and exits["deploy"]:
            continue
        began = time.monotonic()
        exits[step] = _command(folder, step, command, exports)
        seconds[step] = round(time.monotonic() - began, 1)
    passed, red, unknown = verdicts(folder / "checks.xml")
    folders = (path.name for path in sorted((folder / ".qa/runs").glob("qa-*")))
    return Outcome(
        mode=case.mode,
        seed=case.seed,
        latency=case.latency,
        requests=proxy.requests,
        faults=dict(proxy.faults),
        exits=exits,
        passed=passed,
        red=red,
        unknown=unknown,
        left=(*left_on(_clients(exports)), *folders),
        seconds=seconds,
        load=round(os.getloadavg()[0], 1),
    )


def _command(folder: Path, step: str, command: tuple[str, ...], exports: Mapping[str, str]) -> int:
    environment = {**os.environ, **exports}
    del environment["AWS_ENDPOINT_URL"]  # that is the server itself
    with (folder / f"{step}.log").open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            return process.wait(STEP_WITHIN)
        except BaseException:
            process.kill()
            process.wait()
            raise


def verdicts(path: Path) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    """Return how many checks of a JUnit file passed, and which are red and which unknown."""
    if not path.exists():
        return 0, (), ()
    passed, red, unknown = 0, [], []
    for case in ET.parse(path).iter("testcase"):  # noqa: S314 - pytest has just written it
        properties = {each.get("name", ""): each.get("value", "") for each in case.iter("property")}
        name = properties.get("qa.check", case.get("name", "?"))
        if case.find("error") is not None or "qa.unknown" in properties:
            unknown.append(name)
        elif case.find("failure") is not None:
            red.append(name)
        elif case.find("skipped") is None:
            passed += 1
    return passed, tuple(red), tuple(unknown)


@contextmanager
def _serving(folder: Path) -> Iterator[dict[str, str]]:
    """Run `qa serve` inside the block and yield what it says to export."""
    log = folder / "serve.log"
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "qa", *SERVE], cwd=folder, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        text = until(
            lambda: dict(_EXPORT.findall(log.read_text(encoding="utf-8"))),
            lambda found: all(name in found for name in EXPORTS),
            what="exports of qa serve",
            within=60,
            every=0.1,
        )
        yield {name: text[name] for name in EXPORTS}
    finally:
        process.terminate()
        process.wait(30)


def _clients(exports: Mapping[str, str]) -> Clients:
    """Return clients of the server itself, past the proxy."""
    credentials = Credentials(
        access_key_id=exports["AWS_ACCESS_KEY_ID"], secret_access_key=exports["AWS_SECRET_ACCESS_KEY"]
    )
    endpoint = exports["AWS_ENDPOINT_URL"]
    return Clients(Target(kind=TargetKind.ENDPOINT, endpoint=endpoint, credentials=credentials))


def commit_of(source: Path) -> str | None:
    """Return the commit of a checkout, with a + when files were changed since; None when Git has none."""
    git = shutil.which("git")
    if git is None:
        return None
    command = [git, "describe", "--always", "--abbrev=7", "--dirty=+", "--exclude=*"]
    answer = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None


def _copy(source: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, to, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, to)
