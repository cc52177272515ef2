"""One run of the live checks: its ID, its folder, and the lock that says it is still alive."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import filelock

from qa.errors import UsageError

from .calls import CallMeter
from .ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RUN_PREFIX = "qa-"
_RUN_ID = re.compile(r"qa-[0-9a-f]{8}")
RUNS = ".qa/runs"


def new_run_id() -> str:
    """Return a fresh `qa-<8 hex>`; not from `random`, which pytest-randomly seeds alike in every run."""
    return RUN_PREFIX + secrets.token_hex(4)


def run_id_in(text: str) -> str | None:
    """Return the first run ID in a name, or None."""
    found = _RUN_ID.search(text)
    return found[0] if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAbout:
    """What a run works on: its ledger is about that and nothing else."""

    target: str
    """The target's title, with the URL of an endpoint."""
    account: str
    stack_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run's folder. `alive.lock` is held while the run lives; the system drops it when it dies."""

    run_id: str
    folder: Path

    @property
    def ledger(self) -> Ledger:
        """What the run made and has not removed yet; shared by its workers."""
        return Ledger(self.folder / "ledger.jsonl")

    @property
    def about(self) -> RunAbout | None:
        """What the run said that it works on; None when it never came so far."""
        told = self._told()
        return None if told is None else RunAbout(**told["about"])

    @property
    def started(self) -> datetime | None:
        """When the run began; None when it never came so far."""
        told = self._told()
        return None if told is None else datetime.fromisoformat(told["started"])

    @property
    def call_meter(self) -> CallMeter | None:
        """The counter of requests that the run's workers share; None for a run without a budget."""
        limit = (self._told() or {}).get("calls")
        return None if limit is None else CallMeter(self.folder / "calls", limit=limit)

    def _told(self) -> dict[str, Any] | None:
        try:
            told: dict[str, Any] = json.loads((self.folder / "run.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return told

    def begin(self, about: RunAbout, *, calls: int | None = None) -> None:
        """Make the folder and write down what the run works on, and how many requests it may send."""
        self.folder.mkdir(parents=True, exist_ok=True)
        started = datetime.now(UTC).isoformat(timespec="seconds")
        told = {"about": asdict(about), "started": started, "calls": calls}
        scratch = self.folder / "run.json.new"  # whoever reads finds the whole of it or nothing
        scratch.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
        scratch.replace(self.folder / "run.json")

    def stay_alive(self) -> filelock.BaseFileLock:
        """Return the lock, taken: hold it as long as the run lives, and release it at the end."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = self._lock()
            lock.acquire()
        except OSError as error:
            raise UsageError(
                f"the run's folder {self.folder} cannot be written to: {error.strerror}. Without it nobody "
                "could remove what a broken-off run leaves. Mend the folder or free space."
            ) from error
        return lock

    @property
    def is_alive(self) -> bool:
        """True while some process of this machine holds the run's lock."""
        if not self.folder.is_dir():
            return False
        lock = self._lock()
        try:
            lock.acquire()
        except filelock.Timeout:
            return True
        lock.release()
        return False

    def _lock(self) -> filelock.BaseFileLock:
        return filelock.FileLock(self.folder / "alive.lock", timeout=0, thread_local=False)

    def forget(self) -> None:
        """Remove the folder: nothing of this run is left to remove elsewhere."""
        shutil.rmtree(self.folder, ignore_errors=True)


def run_at(root: Path, run_id: str) -> Run:
    """Return the run of this ID in a project. Raises UsageError for what is no run ID."""
    if not _RUN_ID.fullmatch(run_id):
        raise UsageError(f"{run_id!r} is no run ID: they are `qa-` and eight hex digits, e.g. qa-1f2e3d4c.")
    return Run(run_id=run_id, folder=root / RUNS / run_id)


def known_runs(root: Path) -> Iterator[Run]:
    """Yield the runs that left a folder in this project, by ID."""
    for folder in sorted((root / RUNS).glob(f"{RUN_PREFIX}*")):
        if _RUN_ID.fullmatch(folder.name) and folder.is_dir():
            yield Run(run_id=folder.name, folder=folder)
