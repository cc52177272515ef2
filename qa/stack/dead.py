"""What killed runs left on this machine and nowhere else."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from .run import OWN, known_runs, remove_scraps
from .target import TargetKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .project import Project
    from .run import Run


def forget_dead_runs(project: Project) -> None:
    """Remove folders and outputs of dead runs that left nothing to remove elsewhere.

    Those never came so far, or cleaned up and did not come to forget themselves, or ran on an embedded AWS,
    which died with them.
    """
    remove_scraps(project.root)
    for run in known_runs(project.root):
        if not run.is_alive and is_only_here(run):
            shutil.rmtree(project.outputs / "embedded" / run.run_id, ignore_errors=True)
            run.forget()


def is_only_here(run: Run) -> bool:
    """Say whether nothing that the run made can be left at a target."""
    if run.about is not None and run.about.target == TargetKind.EMBEDDED.value:
        return True
    is_a_run = any((run.folder / name).exists() for name in OWN)  # not just somebody's report
    return is_a_run and not run.ledger.remaining()


def split_by_place(runs: Iterable[Run], target: str, account: str) -> tuple[list[Run], list[Run]]:
    """Return the runs whose ledgers are about this target and account, and those about others."""
    here: list[Run] = []
    elsewhere: list[Run] = []
    for run in runs:
        about = run.about
        if about is not None and (about.target, about.account) == (target, account):
            here.append(run)
        elif about is not None and not is_only_here(run):
            elsewhere.append(run)
    return here, elsewhere
