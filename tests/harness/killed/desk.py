"""A checkout of its own with a deployed stack, on which runs are started and killed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from qa.embedded.process import EmbeddedProcess, start_embedded
from qa.embedded.settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY, Settings
from qa.live.handover import EMBEDDED_CREDENTIALS
from qa.stack.clients import Clients
from qa.stack.deploy import deploy
from qa.stack.drill import drill_of
from qa.stack.leftovers import find_leftovers
from qa.stack.outputs import outputs_path
from qa.stack.project_file import load_project
from qa.stack.run import RUNS, known_runs
from qa.stack.target import Target, TargetKind
from qa.wait import until

from .processes import processes_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qa.stack.ledger import Entry
    from qa.stack.project import Deployment, Project

SETTINGS = Settings(table_replication_lag=0.3, document_replication_lag=0.5, alarm_interval=1.0)
COPIED = ("pyproject.toml", "lib", "tests/__init__.py", "tests/integration")
ENVIRONMENT = {
    **os.environ,
    "AWS_ACCESS_KEY_ID": ADMIN_ACCESS_KEY_ID,
    "AWS_SECRET_ACCESS_KEY": ADMIN_SECRET_ACCESS_KEY,
    "PYTHONUNBUFFERED": "1",  # what a run prints tells how far it is
}

_PASSED = re.compile(r"(\d+ passed.*) in ([\d.]+)s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A run of the live checks, in a process group of its own as at a terminal."""

    process: subprocess.Popen[str]
    runs: Path
    log: Path
    before: frozenset[Path]
    """The folders of runs that were there when it started."""

    @property
    def folder(self) -> Path | None:
        """The run's folder; None before it is made and when it is gone."""
        mine = [path for path in self.runs.glob("qa-*") if path not in self.before]
        return mine[0] if mine else None

    def ledger(self) -> str:
        """Return what stands in the run's ledger."""
        try:
            return "" if self.folder is None else (self.folder / "ledger.jsonl").read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""

    def output(self) -> str:
        """Return what the run printed."""
        return self.log.read_text(encoding="utf-8")

    def passed(self) -> str | None:
        """Return what passed, and how long it took, e.g. `31 passed in 25 s`; None before the end."""
        found = _PASSED.search(self.output())
        return f"{found[1]} in {float(found[2]):.0f} s" if found else None


@dataclass(slots=True, kw_only=True)
class Desk:
    """A checkout, an embedded AWS that outlives its runs, and the stack deployed there."""

    root: Path
    server: EmbeddedProcess
    project: Project
    deployment: Deployment
    _runs: list[Started] = field(default_factory=list)

    @property
    def runs(self) -> Path:
        """Where runs have their folders."""
        return self.root / RUNS

    @property
    def target(self) -> Target:
        """The AWS that outlives its runs."""
        return Target(
            kind=TargetKind.ENDPOINT, endpoint=self.server.endpoint, credentials=EMBEDDED_CREDENTIALS
        )

    @property
    def clients(self) -> Clients:
        """An administrator's clients there."""
        return Clients(self.target)

    @property
    def outputs(self) -> Path:
        """The outputs file of the deployment there."""
        return outputs_path(self.project.outputs, self.target)

    def where(self) -> tuple[str, ...]:
        """Return the options that name the AWS that outlives its runs."""
        return ("--target", "endpoint", "--endpoint-url", self.server.endpoint)

    def start_run(self, *arguments: str, target: str = "endpoint") -> Started:
        """Start the live checks, as a person would."""
        where = self.where() if target == "endpoint" else ("--target", target)
        before = frozenset(self.runs.glob("qa-*"))
        log = self.root / f"run-{len(self._runs)}.log"
        checks = (
            "-m",
            "pytest",
            "tests/integration",
            "-n",
            "2",
            "--dist",
            "loadgroup",
            "-p",
            "no:cacheprovider",
        )
        process = self._start((*checks, *where, *arguments), log)
        self._runs.append(Started(process=process, runs=self.runs, log=log, before=before))
        return self._runs[-1]

    def start_command(self, command: str, *arguments: str) -> subprocess.Popen[str]:
        """Start a subcommand of qa; what it prints goes to command.log."""
        return self._start(("-m", "qa", command, *self.where(), *arguments), self.root / "command.log")

    def _start(self, command: tuple[str, ...], log: Path) -> subprocess.Popen[str]:
        with log.open("w", encoding="utf-8") as out:
            return subprocess.Popen(
                [sys.executable, *command],
                cwd=self.root,
                env=ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                text=True,
                process_group=0,
            )

    def command(self, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a subcommand of qa to its end."""
        process = self.start_command(command, *arguments)
        code = process.wait(180)
        text = (self.root / "command.log").read_text(encoding="utf-8")
        return subprocess.CompletedProcess(process.args, code, text, "")

    def sweep(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `qa sweep`."""
        return self.command("sweep", *arguments)

    def run_folders(self) -> list[Path]:
        """Return what runs have left in their folder."""
        return sorted(self.runs.glob("*"))

    def unswept(self) -> list[Entry]:
        """Return what stands in ledgers and was not removed."""
        return [entry for run in known_runs(self.root) for entry in run.ledger.remaining()]

    def leftovers(self) -> list[tuple[str, Entry] | str]:
        """Return what carries a run's ID at the target, alarms in a drill included."""
        found: list[tuple[str, Entry] | str] = list(
            find_leftovers(self.clients, self.deployment, self.project.document_prefixes)
        )
        return found + [name for name, state in self.alarms().items() if state == "in a drill"]

    def alarms(self, clients: Clients | None = None) -> dict[str, str]:
        """Return every alarm's state: ALARM, `at rest`, or `in a drill` of ours."""
        states = {}
        for region in self.deployment.region_names:
            for alarm in (clients or self.clients).cloudwatch(region).describe_alarms()["MetricAlarms"]:
                is_drilled = drill_of(alarm["StateReason"]) is not None and alarm["StateValue"] == "ALARM"
                at_rest = "ALARM" if alarm["StateValue"] == "ALARM" else "at rest"
                states[alarm["AlarmName"]] = "in a drill" if is_drilled else at_rest
        return states

    def restart_server(self) -> None:
        """Start the AWS anew at the same address, after it was killed; it has forgotten everything."""
        ports = [urlsplit(url).port or 0 for url in (self.server.endpoint, self.server.insecure_endpoint)]
        self.server.stop()
        self.server = start_embedded(replace(SETTINGS, port=ports[0], insecure_port=ports[1]))

    def close(self) -> None:
        """End the runs that a failed test left, and the server."""
        for run in self._runs:
            run.process.kill()
            run.process.wait()
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


def await_moment(
    reached: Callable[[], bool], process: subprocess.Popen[str], *, what: str, within: float = 90
) -> None:
    """Wait for a moment of a run; one that ends before it is an error."""
    until(
        lambda: "reached" if reached() else "over" if process.poll() is not None else "not yet",
        lambda seen: seen == "reached",
        reject=lambda seen: seen == "over",
        what=f"the moment {what!r}",
        within=within,
        every=0.004,
    )


def open_desk(source: Path, root: Path) -> Desk:
    """Copy what a run needs into a folder, start an AWS and deploy there."""
    for name in COPIED:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (source / name).is_dir() else shutil.copy
        copy(source / name, root / name)
    project = load_project(root)
    desk = Desk(
        root=root, server=start_embedded(SETTINGS), project=project, deployment=project.deployment({})
    )
    deploy(project, desk.deployment, desk.clients, outputs_to=desk.outputs)
    return desk
