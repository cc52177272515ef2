"""A check that takes a region away runs alone; all others run beside one another."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

import pytest

from qa.live.turns import LOCKS, turn

if TYPE_CHECKING:
    from pathlib import Path


def take(folder: Path, kind: int) -> None:
    """Take the lock of the turns as another worker would, without waiting for it."""
    handle = os.open(folder / LOCKS[1], os.O_RDWR)
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    finally:
        os.close(handle)


def test_nobody_runs_beside_a_check_that_runs_alone(tmp_path: Path) -> None:
    with turn(tmp_path, alone=True), pytest.raises(BlockingIOError):
        take(tmp_path, fcntl.LOCK_SH)

    take(tmp_path, fcntl.LOCK_EX)


def test_other_checks_run_together_and_keep_one_that_runs_alone_waiting(tmp_path: Path) -> None:
    with turn(tmp_path, alone=False):
        take(tmp_path, fcntl.LOCK_SH)
        with pytest.raises(BlockingIOError):
            take(tmp_path, fcntl.LOCK_EX)


def test_a_folder_that_cannot_be_written_to_keeps_no_check_from_running(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with turn(tmp_path / "file" / "plan", alone=True):
        ran = True

    assert ran
