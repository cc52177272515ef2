"""The lines that end a run: what a person wants to know of it at 80 columns."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from .results import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .results import CheckResult, RegionResult, RunFacts

MARKS = {
    Verdict.GREEN: "ok",
    Verdict.RED: "RED",
    Verdict.UNKNOWN: "unknown",
    Verdict.NOT_EXERCISED: "not run",
}
CELL = 14
TITLE = 80 - 5 - 2 * (CELL + 1)


def render_summary(results: Sequence[CheckResult], facts: RunFacts) -> str:
    """Return the table of checks by region, the measurements and whom the run was about."""
    lines = [*_table(sorted(results, key=_order), facts.regions), ""]
    lines += _not_exercised(results)
    lines += _measurements(results)
    lines += _about(facts)
    return "\n".join(lines)


def _order(result: CheckResult) -> tuple[str, int]:
    letters = result.check.rstrip("0123456789")
    return letters, int(result.check.removeprefix(letters) or 0)


def _table(results: Sequence[CheckResult], regions: Sequence[str]) -> Iterator[str]:
    yield "".join([f"{'':5}{'':{TITLE}}", *(f" {region:>{CELL}}" for region in regions)])
    for result in results:
        cells = {each.region: _cell(each) for each in result.regions}
        yield "".join(
            [
                f"{result.check:5}{_clip(result.title):{TITLE}}",
                *(f" {cells.get(region, '-'):>{CELL}}" for region in regions),
            ]
        ).rstrip()


def _clip(title: str) -> str:
    return title if len(title) < TITLE else title[: TITLE - 2] + "…"


def _cell(result: RegionResult) -> str:
    return f"{MARKS[result.verdict]} {result.seconds:.2f} s"


def _not_exercised(results: Sequence[CheckResult]) -> Iterator[str]:
    for result in results:
        if result.reason is not None:
            yield f"NOT-EXERCISED {result.check}: {result.reason}"


def _measurements(results: Sequence[CheckResult]) -> Iterator[str]:
    measured: dict[str, list[float]] = {}
    for result in results:
        for name, values in result.measures.items():
            measured.setdefault(name, []).extend(values)
    for name in sorted(measured):
        yield _measurement(name.replace("_", " "), measured[name])


def _measurement(name: str, values: Sequence[float]) -> str:
    if len(values) == 1:
        return f"{name}: {values[0]:.2f} s"
    median = statistics.median(values)
    return f"{name}: n={len(values)}, median {median:.2f} s, max {max(values):.2f} s"


def _about(facts: RunFacts) -> Iterator[str]:
    where = f" at {facts.endpoint}" if facts.endpoint else ""
    yield f"target: {facts.target}{where}, account {facts.account or 'not learnt'}"
    yield f"stacks: {', '.join(facts.stacks)} in {', '.join(facts.regions)}; run {facts.run_id}"
    if facts.leftovers:
        yield f"left behind by this run: {facts.leftovers}; remove it: qa sweep --run {facts.run_id}"
