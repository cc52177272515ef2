"""A checkout of its own with a deployed stack, on which runs are started and killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from qa.embedded.process import EmbeddedProcess, start_embedded
from qa.embedded.settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY, Settings
from qa.live.handover import EMBEDDED_CREDENTIALS
from qa.stack.clients import Clients
from qa.stack.deploy import deploy
from qa.stack.drill import drill_of
from qa.stack.leavings import find_leavings
from qa.stack.outputs import outputs_path
from qa.stack.project import load_project
from qa.stack.run import known_runs
from qa.stack.target import Target, TargetKind
from qa.wait import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.stack.project import Deployment, Project

SETTINGS = Settings(table_replication_lag=0.3, document_replication_lag=0.5, alarm_interval=1.0)
COPIED = ("pyproject.toml", "lib", "tests/__init__.py", "tests/integration")
ENVIRONMENT = {
    **os.environ,
    "AWS_ACCESS_KEY_ID": ADMIN_ACCESS_KEY_ID,
    "AWS_SECRET_ACCESS_KEY": ADMIN_SECRET_ACCESS_KEY,
}


@dataclass(slots=True, kw_only=True)
class Desk:
    """A checkout, an embedded AWS that outlives its runs, and the stack deployed there."""

    root: Path
    server: EmbeddedProcess
    clients: Clients
    project: Project
    deployment: Deployment
    _runs: list[subprocess.Popen[str]] = field(default_factory=list)
    _before: frozenset[Path] = frozenset()
    """The folders of runs that were there when the last one started."""

    def start_run(self, *arguments: str, target: str = "endpoint") -> subprocess.Popen[str]:
        """Start the live checks, as a person would; what they print goes to run.log."""
        self._before = frozenset(self.run_folders())
        where = ["--endpoint-url", self.server.endpoint] if target == "endpoint" else []
        with (self.root / "run.log").open("w", encoding="utf-8") as log:
            run = subprocess.Popen(
                [
                    *(sys.executable, "-m", "pytest", "tests/integration", "-n", "2", "--dist", "loadgroup"),
                    *("-p", "no:cacheprovider", "--target", target, *where, *arguments),
                ],
                cwd=self.root,
                env=ENVIRONMENT,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
            )
        self._runs.append(run)
        return run

    def told(self) -> str:
        """Return what the last run printed."""
        return (self.root / "run.log").read_text(encoding="utf-8")

    def run_folders(self) -> list[Path]:
        """Return the folders of all runs that left one."""
        return sorted((self.root / ".qa" / "runs").glob("qa-*"))

    def ledger(self) -> str:
        """Return what stands in the ledger of the last run."""
        mine = set(self.run_folders()) - self._before
        ledgers = [folder / "ledger.jsonl" for folder in mine]
        return "".join(path.read_text(encoding="utf-8") for path in ledgers if path.exists())

    def unswept(self) -> list[object]:
        """Return what stands in ledgers and was not removed."""
        runs = known_runs(self.root)
        return [entry for run in runs for entry in run.ledger.remaining()]

    def sweep(self) -> subprocess.CompletedProcess[str]:
        """Run `qa sweep`."""
        return subprocess.run(
            [
                *(sys.executable, "-m", "qa", "sweep", "--target", "endpoint"),
                *("--endpoint-url", self.server.endpoint),
            ],
            cwd=self.root,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def leavings(self) -> list[object]:
        """Return what carries a run's ID at the target, alarms in a drill included."""
        found: list[object] = list(
            find_leavings(self.clients, self.deployment, self.project.document_prefixes)
        )
        return found + [name for name, state in self.alarms().items() if state == "in a drill"]

    def alarms(self) -> dict[str, str]:
        """Return every alarm's state: ALARM, `at rest`, or `in a drill` of ours."""
        states = {}
        for region in self.deployment.region_names:
            for alarm in self.clients.cloudwatch(region).describe_alarms()["MetricAlarms"]:
                is_drilled = drill_of(alarm["StateReason"]) is not None and alarm["StateValue"] == "ALARM"
                at_rest = "ALARM" if alarm["StateValue"] == "ALARM" else "at rest"
                states[alarm["AlarmName"]] = "in a drill" if is_drilled else at_rest
        return states

    def close(self) -> None:
        """End the runs that a failed test left, and the server."""
        for run in self._runs:
            run.kill()
            run.wait()
        self.server.stop()

    def await_quiet(self) -> None:
        """Wait until no process works in the checkout any more."""
        until(
            lambda: processes_in(self.root),
            lambda left: left == {},
            what=f"processes in {self.root}",
            within=30,
            every=0.1,
        )


def await_moment(reached: Callable[[], bool], run: subprocess.Popen[str], *, what: str) -> None:
    """Wait for a moment of a run; one that ends before it is an error."""
    until(
        lambda: "reached" if reached() else "over" if run.poll() is not None else "not yet",
        lambda seen: seen == "reached",
        reject=lambda seen: seen == "over",
        what=f"the moment {what!r}",
        within=60,
        every=0.02,
    )


def processes_in(folder: Path, *, containing: str = "") -> dict[int, str]:
    """Return the live processes whose working directory is the folder, with their command lines."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            where = (entry / "cwd").readlink()
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue  # it ended meanwhile
        if where == folder and command.strip() and containing in command:
            found[int(entry.name)] = command
    return found


def descendants(process_id: int, *, containing: str) -> tuple[int, ...]:
    """Return the live processes under one, whose command line holds the text."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found: list[int] = []
    for child in parents:
        above: int | None = child
        while above is not None and above != process_id:
            above = parents.get(above)
        if above == process_id and child != process_id and containing in _command(child):
            found.append(child)
    return tuple(found)


def _command(process_id: int) -> str:
    try:
        return Path(f"/proc/{process_id}/cmdline").read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""


def kill(process_id: int) -> None:
    """End one process without its leave; one that has ended is ended."""
    try:
        os.kill(process_id, signal.SIGKILL)
    except ProcessLookupError:
        return


def open_desk(source: Path, root: Path) -> Desk:
    """Copy what a run needs into a folder, start an AWS and deploy there."""
    for name in COPIED:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (source / name).is_dir() else shutil.copy
        copy(source / name, root / name)
    server = start_embedded(SETTINGS)
    target = Target(kind=TargetKind.ENDPOINT, endpoint=server.endpoint, credentials=EMBEDDED_CREDENTIALS)
    clients, project = Clients(target), load_project(root)
    deployment = project.deployment({})
    deploy(project, deployment, clients, outputs_to=outputs_path(project.outputs, target))
    return Desk(root=root, server=server, clients=clients, project=project, deployment=deployment)
