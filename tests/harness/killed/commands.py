"""Kills of `qa deploy`, `qa destroy` and `qa sweep` half-way, and of one of two runs at once."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from qa.embedded.control import Control
from qa.stack.ledger import Ledger
from qa.stack.live import find_stack
from qa.wait import WaitRejectedError, WaitTimeoutError

from .desk import SETTINGS, await_moment
from .killing import (
    MISSED,
    Aftermath,
    ending_of,
    expect_nothing_left,
    outcome_of,
    removed_by,
    see_to,
    whole_outputs,
)
from .moments import Scene, in_ledger
from .processes import family, survivors
from .record import tally

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from .desk import Desk
    from .plan import Case
    from .record import Outcome

STARTING = 0.35


def kill_a_deployment(desk: Desk, case: Case) -> Outcome:
    """Kill `qa deploy` half-way; the same command must bring both stacks and their outputs about."""
    after = Aftermath()
    usual = _deployed_anew(desk, after)
    at = _strike(desk, case, after, usual=usual)
    after.left = dict.fromkeys(_stacks(desk), 1)
    _expect_whole(desk, after)
    _repeat(desk, "deploy", after)
    after.expect("outputs", _outputs_differ(desk), "whole")
    expect_nothing_left(desk, after)
    return outcome_of(case, after, at=at)


def kill_a_tear_down(desk: Desk, case: Case) -> Outcome:
    """Kill `qa destroy` half-way; the same command must remove the rest, and a new deployment stand."""
    after = Aftermath()
    began = time.monotonic()
    _repeat(desk, "destroy", after)
    usual = time.monotonic() - began
    _repeat(desk, "deploy", after)
    at = _strike(desk, case, after, usual=usual)
    after.left = dict.fromkeys(_stacks(desk), 1)
    _expect_whole(desk, after)
    _repeat(desk, "destroy", after)
    after.expect("stacks after the second", _stacks(desk), [])
    after.expect("outputs after the second", whole_outputs(desk), None)
    _repeat(desk, "deploy", after)
    expect_nothing_left(desk, after)
    return outcome_of(case, after, at=at)


def kill_a_sweep(desk: Desk, case: Case) -> Outcome:
    """Kill `qa sweep` when it has removed a share of what is left; another one removes the rest."""
    after = Aftermath()
    alarms = desk.alarms()
    Control(desk.server.endpoint).change_settings(alarm_interval=3600.0)
    run = desk.start_run()
    scene = Scene(desk=desk, run=run, target="endpoint", usual_seconds=0)
    await_moment(lambda: in_ledger("alarm-state")(scene), run.process, what="before a drill", within=240)
    run.process.kill()
    run.process.wait()
    desk.await_quiet()
    left = len(desk.unswept())
    began = time.monotonic()
    sweep = desk.start_command("sweep")
    _kill_at(sweep, lambda: len(desk.unswept()) <= left * (1 - case.moment.share), after)
    at = time.monotonic() - began
    after.ended = f"killed with {left - len(desk.unswept())} of {left} things removed"
    see_to(desk, after)
    after.expect("alarms", desk.alarms(), alarms)
    Control(desk.server.endpoint).change_settings(alarm_interval=SETTINGS.alarm_interval)
    return outcome_of(case, after, at=at)


def kill_one_of_two(desk: Desk, case: Case, *, usual_seconds: float) -> Outcome:
    """Kill one of two runs at once, and sweep while the other goes on, which must be green."""
    after = Aftermath()
    first = desk.start_run()
    began = time.monotonic()
    await_moment(lambda: first.folder is not None, first.process, what="its folder")
    ledger = Ledger((first.folder or desk.runs) / "ledger.jsonl")  # before there are two folders
    other = desk.start_run()
    # two at once take longer than one alone, so that both are at it all that time
    _kill_at(first.process, lambda: time.monotonic() - began > case.moment.share * usual_seconds, after)
    at = time.monotonic() - began
    left = tally(entry.kind for entry in ledger.remaining())
    await_moment(lambda: len(desk.run_folders()) > 1, other.process, what="the other's folder")
    swept = desk.sweep()
    removed = removed_by(swept)
    after.expect("exit code of the sweep beside a run", (swept.returncode, swept.stdout), (0, swept.stdout))
    after.expect("the other run was not spared", swept.stdout.count("is still running"), 1)
    after.ended = f"the other: {ending_of(other, after)}"
    words = other.passed() or "no word"
    after.expect(
        "the other run was not green", (words.split(" in ")[0], other.process.returncode), ("31 passed", 0)
    )
    see_to(desk, after)
    after.left, after.removed = {**left, **after.left}, after.removed + removed
    return outcome_of(case, after, at=at, next_run=f"the other: {words}")


def _deployed_anew(desk: Desk, after: Aftermath) -> float:
    """Tear down, deploy and tear down; return the seconds of a deployment."""
    _repeat(desk, "destroy", after)
    began = time.monotonic()
    _repeat(desk, "deploy", after)
    seconds = time.monotonic() - began
    _repeat(desk, "destroy", after)
    return seconds


def _repeat(desk: Desk, command: str, after: Aftermath) -> None:
    done = desk.command(command, *(["--yes"] if command == "destroy" else []))
    after.expect(f"exit code of qa {command}", (done.returncode, done.stdout), (0, done.stdout))


def _strike(desk: Desk, case: Case, after: Aftermath, *, usual: float) -> float:
    process = desk.start_command(case.kind, *(["--yes"] if case.kind == "destroy" else []))
    began = time.monotonic()
    # Python and boto3 take the first part of a short life, in which nothing happens
    seconds = (STARTING + case.moment.share * (1 - STARTING)) * usual
    _kill_at(process, lambda: time.monotonic() - began > seconds, after)
    return time.monotonic() - began


def _kill_at(process: subprocess.Popen[str], reached: Callable[[], bool], after: Aftermath) -> None:
    try:
        await_moment(reached, process, what="half-way")
    except (WaitRejectedError, WaitTimeoutError) as error:
        after.faults.append(f"{MISSED}: {error}")
    victims = family(process.pid)
    process.kill()
    process.wait()
    after.expect("survivors", survivors(victims[:1]), ())


def _stacks(desk: Desk) -> list[str]:
    found = {
        region: find_stack(desk.clients, region, desk.deployment.stack_name)
        for region in desk.deployment.region_names
    }
    return [f"{region} {stack.status}" for region, stack in found.items() if stack is not None]


def _expect_whole(desk: Desk, after: Aftermath) -> None:
    """Keep a fault unless the outputs file is not there, or is all that a deployment writes."""
    try:
        parsed = json.loads(whole_outputs(desk) or b'{"none": ""}')
    except ValueError as error:
        after.faults.append(f"the outputs file is no JSON: {error}")
        return
    after.faults += [] if parsed else ["the outputs file is empty"]


def _outputs_differ(desk: Desk) -> str:
    """Return `whole` for an outputs file that holds what the stacks tell now."""
    written = whole_outputs(desk)
    again = desk.command("outputs")
    return "whole" if again.returncode == 0 and written == whole_outputs(desk) else f"{written!r}"
