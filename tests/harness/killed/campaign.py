"""Kill after kill on one desk; after each second one, and the last, a run that nobody disturbs."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from .commands import kill_a_deployment, kill_a_sweep, kill_a_tear_down, kill_one_of_two
from .desk import open_desk
from .killing import MISSED, Aftermath, kill_in_a_run, next_run
from .moments import sooner
from .record import counts, keep, outcomes, usual

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .desk import Desk
    from .plan import Case
    from .record import Outcome

ATTEMPTS = 3


def go_on(cases: Sequence[Case], results: Path, *, source: Path, folder: Path) -> None:
    """Make these kills and write down what came of each."""
    desk = open_desk(source, folder)
    try:
        usual_seconds = usual(outcomes(results)) or _undisturbed(desk)
        for number, case in enumerate(cases):
            outcome = _made(desk, case, usual_seconds)
            if case.kind == "pair":
                pass  # the other run was the next one
            elif number % 2 or case == cases[-1] or outcome.faults:
                outcome = _with_next_run(desk, case, outcome)
            keep(results, outcome)
            _tell(outcome)
    finally:
        desk.close()


def _made(desk: Desk, case: Case, usual_seconds: float) -> Outcome:
    """Return what came of a kill; one whose moment never came is tried again, sooner."""
    outcome = _carry_out(desk, case, usual_seconds)
    for _ in range(ATTEMPTS - 1):
        if not outcome.faults or not all(MISSED in fault for fault in outcome.faults):
            break
        case = replace(case, moment=sooner(case.moment))
        outcome = _carry_out(desk, case, usual_seconds)
    return outcome


def _carry_out(desk: Desk, case: Case, usual_seconds: float) -> Outcome:
    match case.kind:
        case "deploy":
            return kill_a_deployment(desk, case)
        case "destroy":
            return kill_a_tear_down(desk, case)
        case "sweep":
            return kill_a_sweep(desk, case)
        case "pair":
            return kill_one_of_two(desk, case, usual_seconds=usual_seconds)
        case _:
            return kill_in_a_run(desk, case, usual_seconds=usual_seconds)


def _undisturbed(desk: Desk) -> float:
    after = Aftermath()
    words, seconds = next_run(desk, "endpoint", after)
    sys.stdout.write(f"undisturbed: {words}\n")
    if after.faults:
        raise SystemExit("\n".join(["a run that nobody disturbs is not well:", *after.faults]))
    return seconds


def _with_next_run(desk: Desk, case: Case, outcome: Outcome) -> Outcome:
    after = Aftermath(faults=list(outcome.faults))
    words, _ = next_run(desk, case.target, after)
    return replace(outcome, next_run=words, faults=tuple(after.faults))


def _tell(outcome: Outcome) -> None:
    sys.stdout.write(
        f"{outcome.case} ({outcome.at} s): {outcome.ended}; left {counts(outcome.left)}; "
        f"{outcome.removed} swept; next {outcome.next_run or '–'}\n"
    )
    for fault in outcome.faults:
        sys.stdout.write(f"    FAULT {fault}\n")
    sys.stdout.flush()
