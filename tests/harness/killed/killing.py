"""One kill of a campaign: make it, look at what is left, sweep, look again."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qa.embedded.control import Control
from qa.wait import WaitRejectedError, WaitTimeoutError, until

from .desk import SETTINGS, await_moment
from .leftovers import covers
from .moments import Scene
from .processes import family, kill, survivors
from .record import Outcome, tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .desk import Desk, Started
    from .plan import Case
    from .processes import Process

RUN_WITHIN = 240.0
"""Seconds after which a run that goes on has hung; a drill of a dead worker is waited out for 185."""
MISSED = "nothing was killed"
_LISTED = re.compile(r"^(\d+) would be removed", re.MULTILINE)
_REMOVED = re.compile(r"^(\d+) removed, (\d+) stay", re.MULTILINE)


@dataclass(slots=True, kw_only=True)
class Aftermath:
    """What was seen after a kill."""

    ended: str = ""
    left: dict[str, int] = field(default_factory=dict)
    listed: int = 0
    removed: int = 0
    faults: list[str] = field(default_factory=list)

    def expect(self, what: str, found: object, expected: object) -> None:
        """Keep a fault where the two differ."""
        if found != expected:
            self.faults.append(f"{what}: {str(found)[:1500]}")


def kill_in_a_run(desk: Desk, case: Case, *, usual_seconds: float) -> Outcome:
    """Start a run, kill at the moment, and see to what is left."""
    if case.moment.holds_alarms and case.kind in {"run", "term", "interrupt"}:
        Control(desk.server.endpoint).change_settings(alarm_interval=3600.0)
    before = whole_outputs(desk)
    alarms = desk.alarms()
    scene = _start(desk, case, usual_seconds)
    after = Aftermath()
    try:
        await_moment(
            lambda: case.moment.reached(scene) and bool(_victims(scene, case)),
            scene.run.process,
            what=case.moment.name,
        )
    except (WaitRejectedError, WaitTimeoutError) as error:
        after.faults.append(f"{MISSED}: {error}")
    at = scene.seconds
    concerned = strike(scene, case)
    after.ended = ending_of(scene.run, after)
    _expect_no_survivor(desk, concerned, after)
    if case.kind == "server" and case.target == "endpoint":
        desk.restart_server()
    see_to(desk, after)
    if case.kind == "server" and case.target == "endpoint":
        after.expect("deployed anew", desk.command("deploy").returncode, 0)
    else:
        after.expect("outputs", whole_outputs(desk), before)
        _expect_alarms(desk, alarms, after)
    Control(desk.server.endpoint).change_settings(alarm_interval=SETTINGS.alarm_interval)
    return outcome_of(case, after, at=at)


def outcome_of(case: Case, after: Aftermath, *, at: float, next_run: str = "") -> Outcome:
    """Return what came of a case as the record keeps it."""
    return Outcome(
        case=case.name,
        kind=case.kind,
        target=case.target,
        moment=case.moment.name,
        seed=case.seed,
        at=round(at, 1),
        ended=after.ended,
        left=after.left,
        listed=after.listed,
        removed=after.removed,
        next_run=next_run,
        faults=tuple(after.faults),
    )


def _start(desk: Desk, case: Case, usual_seconds: float) -> Scene:
    shutil.rmtree(desk.root / "reports", ignore_errors=True)
    run = desk.start_run("--report", "reports", target=case.target)
    return Scene(desk=desk, run=run, target=case.target, usual_seconds=usual_seconds)


def strike(scene: Scene, case: Case) -> tuple[Process, ...]:
    """Kill what the case is about; return the processes that must not live when all is over."""
    run, concerned = scene.run.process, family(scene.run.process.pid)
    if case.kind == "server":
        concerned += tuple(each for server in scene.servers for each in family(server))
    if case.kind == "term":
        run.terminate()
    elif case.kind == "interrupt":
        os.killpg(run.pid, signal.SIGINT)
    else:
        for victim in _victims(scene, case):
            kill(victim)
    return concerned


def _victims(scene: Scene, case: Case) -> Sequence[int]:
    match case.kind:
        case "run" | "term" | "interrupt":
            return [scene.run.process.pid]
        case "server":
            return scene.servers
        case "function":
            return scene.functions
        case _:
            workers = scene.workers
            return random.Random(case.seed).sample(workers, min(1, len(workers)))  # noqa: S311 - as in plan


def ending_of(run: Started, after: Aftermath) -> str:
    """Wait for the end of a run, and return it in words; one that hangs is a fault."""
    began = time.monotonic()
    try:
        code = run.process.wait(RUN_WITHIN)
        return f"exit {code} after {time.monotonic() - began:.1f} s"
    except subprocess.TimeoutExpired:
        after.faults.append(f"the run hung for {RUN_WITHIN:.0f} s: {run.output()[-1500:]}")
        run.process.kill()
        return "hung"


def _expect_no_survivor(desk: Desk, concerned: tuple[Process, ...], after: Aftermath) -> None:
    began = time.monotonic()
    try:
        until(
            lambda: [each.command[-80:] for each in survivors(concerned)],
            lambda alive: not alive,
            what="processes of the run",
            within=20,
            every=0.05,
        )
        desk.await_quiet()
    except WaitTimeoutError as error:
        after.faults.append(str(error))
    after.ended += f", all gone after {time.monotonic() - began:.1f} s"


def see_to(desk: Desk, after: Aftermath) -> None:
    """Note what is left, let `qa sweep` list and then remove it, and note as faults what is left then."""
    unswept, carried = desk.unswept(), desk.leftovers()
    kinds = [entry.kind for entry in unswept]
    kinds += [
        "alarm in a drill" if isinstance(each, str) else f"{each[1].kind} in no ledger"
        for each in carried
        if isinstance(each, str) or not any(covers(entry, each[1]) for entry in unswept)
    ]
    after.left = tally([*kinds, *litter(desk)])
    dry = desk.sweep("--dry-run")
    after.listed = _number(_LISTED, dry.stdout)
    after.expect("changed by the dry run", (desk.unswept(), dry.returncode), (unswept, 0))
    swept = desk.sweep()
    after.removed = removed_by(swept)
    after.expect("exit code of the sweep", (swept.returncode, swept.stdout), (0, swept.stdout))
    expect_nothing_left(desk, after)


def expect_nothing_left(desk: Desk, after: Aftermath) -> None:
    """Keep as faults what is left at the target, in ledgers or on the disk."""
    after.expect("left at the target", desk.leftovers(), [])
    after.expect("left in ledgers", desk.unswept(), [])
    after.expect("left on the disk", list(litter(desk)), [])


def litter(desk: Desk) -> Iterator[str]:
    """Yield what a killed process left in the checkout; the report of a run that was red is meant to stay."""
    for path in sorted(desk.runs.glob("*")) if desk.runs.is_dir() else ():
        if not (path / "report.html").exists():
            is_plain = (path / "run.json").exists() and path.name.startswith("qa-")
            yield "folder" if is_plain else f"folder of {sorted(each.name for each in path.iterdir())}"
    for path in sorted(desk.project.outputs.rglob("*")):
        if path.name.startswith("."):
            yield "half-written outputs"
        elif path.parent.name == "embedded":
            yield "outputs of its own AWS"


def removed_by(sweep: subprocess.CompletedProcess[str]) -> int:
    """Return how much a sweep said that it removed."""
    return _number(_REMOVED, sweep.stdout)


def _number(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.search(text)
    return int(found[1]) if found else -1


def _expect_alarms(desk: Desk, before: dict[str, str], after: Aftermath) -> None:
    try:
        until(desk.alarms, lambda now: now == before, what="the alarms", within=15, every=0.2)
    except WaitTimeoutError as error:
        after.faults.append(str(error))


def whole_outputs(desk: Desk) -> bytes | None:
    """Return what stands in the outputs file; None for one that is not there."""
    return desk.outputs.read_bytes() if desk.outputs.exists() else None


def next_run(desk: Desk, target: str, after: Aftermath) -> tuple[str, float]:
    """Run all checks undisturbed; return what the run said of itself, and its seconds."""
    run = desk.start_run(target=target)
    began = time.monotonic()
    code = ending_of(run, after)
    seconds = time.monotonic() - began
    words = run.passed() or "no word"
    if not code.startswith("exit 0 ") or not words.startswith("31 passed in"):
        after.faults.append(f"the next run was not green: {code}, {words}: {run.output()[-3000:]}")
    expect_nothing_left(desk, after)
    return words, seconds
