"""What came of each run: a file of JSON lines that adds up over campaigns, and its sums."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

GREEN = {"deploy": 0, "checks": 0, "destroy": 0}
PASSED = 31
COLUMNS = (
    *("mode", "latency", "runs", "red", "unknown", "left", "seeds", "requests", "faults"),
    *("seconds", "load", "commits"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One run: deploy, the live checks, destroy."""

    mode: str
    """`mix`, or a fault that the first request of every operation got."""
    seed: int
    latency: float
    """Median in seconds; a long wait takes 37.5 of it."""
    requests: int
    faults: Mapping[str, int]
    exits: Mapping[str, int]
    """Exit code by step; a step that was not reached is not there."""
    passed: int
    red: tuple[str, ...]
    unknown: tuple[str, ...]
    left: tuple[str, ...]
    """What the server or the folder still had after the run."""
    seconds: Mapping[str, float]
    load: float | None = None
    """Of the machine, over the last minute of the run; None in older records."""
    commit: str | None = None
    """That was tried, with a + when files were changed since; None when Git has none and in older records."""

    @property
    def is_good(self) -> bool:
        """Say whether the noise did nothing: each step at the first try, all passed, nothing left."""
        return (dict(self.exits), self.passed, self.left) == (GREEN, PASSED, ())


def outcomes(path: Path) -> list[Outcome]:
    """Return what a file holds; nothing when there is none."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_outcome(json.loads(line)) for line in lines if line]


def _outcome(described: dict[str, object]) -> Outcome:
    lists = {name: tuple(described[name]) for name in ("red", "unknown", "left")}  # type: ignore[arg-type, var-annotated]  # lists in JSON
    return Outcome(**{**described, **lists})  # type: ignore[arg-type]  # as it was written


def keep(path: Path, outcome: Outcome) -> None:
    """Add an outcome to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(outcome)) + "\n")


def summary(found: Iterable[Outcome]) -> str:
    """Return the sums of a record as a Markdown table, a line for each mode and latency."""
    groups: dict[tuple[str, float], list[Outcome]] = {}
    for each in found:
        groups.setdefault((each.mode, each.latency), []).append(each)
    lines = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
    for (mode, latency), runs in sorted(groups.items()):
        took = [sum(run.seconds.values()) for run in runs]
        loads = [run.load for run in runs if run.load is not None]
        lines.append(
            f"| {mode} | {latency * 1000:.0f} ms | {len(runs)} | {_runs_with(runs, 'red')} "
            f"| {_runs_with(runs, 'unknown')} | {sum(bool(run.left) for run in runs)} "
            f"| {_ranges(run.seed for run in runs)} | {sum(run.requests for run in runs):,} "
            f"| {_by_kind(runs)} | {_median_and_most(took, 0)} | {_median_and_most(loads, 1)} "
            f"| {_commits(runs)} |"
        )
    return "\n".join(lines) + "\n"


def _ranges(seeds: Iterable[int]) -> str:
    """Return the seeds that were run, without those between that were not."""
    found: list[list[int]] = []
    for seed in sorted(set(seeds)):
        if found and found[-1][-1] == seed - 1:
            found[-1][1:] = [seed]
        else:
            found.append([seed])
    return ", ".join("–".join(map(str, each)) for each in found)


def _commits(runs: Iterable[Outcome]) -> str:
    """Return each commit in the order of the runs with the number of its runs."""
    counts = Counter(run.commit for run in runs)
    return ", ".join(f"{commit or 'not noted'} {count}×" for commit, count in counts.items())


def _by_kind(runs: Iterable[Outcome]) -> str:
    kinds: Counter[str] = Counter()
    for run in runs:
        kinds.update(run.faults)
    return ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common()) or "none"


def _median_and_most(figures: Sequence[float], digits: int) -> str:
    """Return two figures; a dash when nothing was measured."""
    if not figures:
        return "–"
    return f"{statistics.median(figures):.{digits}f}, at most {max(figures):.{digits}f}"


def _runs_with(runs: Iterable[Outcome], verdict: str) -> str:
    """Return how many runs have such a check, or such a step, and which checks."""
    checks: Counter[str] = Counter()
    count = 0
    for run in runs:
        found: tuple[str, ...] = getattr(run, verdict)
        if verdict == "unknown":
            found += tuple(
                f"{step} ended with {code}" for step, code in run.exits.items() if code not in (0, 1)
            )
        count += bool(found)
        checks.update(found)
    reported = ", ".join(f"{name} {times}×" for name, times in checks.most_common())
    return f"{count} ({reported})" if reported else str(count)
