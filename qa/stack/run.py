"""One run of the live checks: its ID, its folder, and the lock that says it is still alive."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import filelock

from qa.errors import UsageError
from qa.private import make_private_folder, write_private

from .calls import CallMeter
from .ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RUN_PREFIX = "qa-"
_RUN_ID = re.compile(r"qa-[0-9a-f]{8}")
RUNS = ".qa/runs"
NEW, GONE = ".new", ".gone"
"""Ends of the names of folders that are being made or taken away."""
OWN_FOLDERS = frozenset({"evidence", "plan"})
OWN = OWN_FOLDERS | {"alive.lock", "run.json", "run.json.new", "calls", "ledger.jsonl", "over"}
"""What a run keeps in its folder for itself; a report there is for people, and stays."""


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
        document = self._read()
        return None if document is None else RunAbout(**document["about"])

    @property
    def place(self) -> str:
        """The target and account that the run worked on, in words."""
        about = self.about
        return "nothing that it noted" if about is None else f"{about.target}, account {about.account}"

    @property
    def started(self) -> datetime | None:
        """When the run began; None when it never came so far."""
        document = self._read()
        return None if document is None else datetime.fromisoformat(document["started"])

    @property
    def call_meter(self) -> CallMeter | None:
        """The counter of requests that the run's workers share; None for a run without a budget."""
        limit = (self._read() or {}).get("calls")
        return None if limit is None else CallMeter(self.folder / "calls", limit=limit)

    def _read(self) -> dict[str, Any] | None:
        try:
            parsed: dict[str, Any] = json.loads((self.folder / "run.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return parsed

    def begin(self, about: RunAbout, *, calls: int | None = None) -> None:
        """Make the folder and write down what the run works on, and how many requests it may send."""
        started = datetime.now(UTC).isoformat(timespec="seconds")
        document = {"about": asdict(about), "started": started, "calls": calls}
        try:
            make_private_folder(self.folder)
            write_private(self.folder / "run.json", json.dumps(document, indent=2) + "\n")
        except OSError as error:
            raise self._unwritable(error) from error

    def stay_alive(self) -> filelock.BaseFileLock:
        """Return the lock, taken: hold it as long as the run lives, and release it at the end."""
        try:
            return self._locked()
        except OSError as error:
            raise self._unwritable(error) from error

    def _locked(self) -> filelock.BaseFileLock:
        if self.folder.is_dir():
            lock = self._lock(self.folder)
            lock.acquire()
            return lock
        # nobody may ever see the folder without the lock being held: that is what a dead run looks like
        scratch = self._hidden(NEW)
        make_private_folder(scratch)
        lock = self._lock(scratch)
        lock.acquire()
        scratch.rename(self.folder)
        return lock

    def _unwritable(self, error: OSError) -> UsageError:
        return UsageError(
            f"the run's folder {self.folder} cannot be written to: {error.strerror}. Without it nobody "
            "could remove what a broken-off run leaves. Fix the folder or free space."
        )

    @property
    def is_alive(self) -> bool:
        """True while some process of this machine holds the run's lock."""
        if not (self.folder / "alive.lock").exists():
            return False
        lock = self._lock(self.folder)
        try:
            lock.acquire()
        except filelock.Timeout:
            return True
        lock.release()
        return False

    @staticmethod
    def _lock(folder: Path) -> filelock.BaseFileLock:
        return filelock.FileLock(folder / "alive.lock", timeout=0, thread_local=False, mode=0o600)

    def _hidden(self, what: str) -> Path:
        """Return a folder that is no run's to anybody."""
        return self.folder.with_name(f".{self.run_id}{what}")

    def end(self) -> None:
        """Tell the run's workers that it is over, if the disk takes as much as that."""
        with suppress(OSError):
            (self.folder / "over").touch(mode=0o600)

    @property
    def is_over(self) -> bool:
        """True once the run was ended: a worker that is left makes nothing any more."""
        return (self.folder / "over").exists() or not self.folder.is_dir()

    def forget(self) -> None:
        """Remove what the run keeps for itself: nothing of this run is left to remove elsewhere."""
        if not self.folder.is_dir():
            return
        if {each.name for each in self.folder.iterdir()} <= OWN:
            gone = self._hidden(GONE)  # as a whole: half a folder would not tell whose it is
            with suppress(OSError):
                self.folder.rename(gone)
                shutil.rmtree(gone, ignore_errors=True)
            return
        for name in OWN_FOLDERS:
            shutil.rmtree(self.folder / name, ignore_errors=True)
        for name in OWN - OWN_FOLDERS:
            with suppress(OSError):
                (self.folder / name).unlink()


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


def remove_scraps(root: Path) -> None:
    """Remove what is left of runs killed in the moment in which they made their folder, or took it away."""
    for folder in (root / RUNS).glob(f".{RUN_PREFIX}*"):
        with suppress(OSError):  # the process that took it away goes on with it
            is_being_made = folder.suffix == NEW and time.time() - folder.stat().st_mtime < 60
            if folder.suffix in {NEW, GONE} and not is_being_made:
                shutil.rmtree(folder, ignore_errors=True)
