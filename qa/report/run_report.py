"""A whole run as one value: what all forms of the report are made of."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from .evidence import Evidence, evidence_to_json
from .results import CheckResult, RunFacts, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

GOOD = frozenset({Verdict.GREEN})
FORMAT = 1
"""Of report.json; a change that readers would notice counts it up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StackNode:
    """One resource of a deployed stack; `needs` are logical IDs of the same stack."""

    logical_id: str
    resource_type: str
    physical_id: str
    status: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StackShape:
    """A stack in one region; without nodes when it could not be read, and `problem` says why."""

    region: str
    stack: str
    nodes: tuple[StackNode, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """All measurements of one name in one check, in seconds, and the bound that they must keep."""

    name: str
    check: str
    seconds: tuple[float, ...]
    bound: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What a run found. `started` is UTC in ISO 8601, `seconds` its whole length."""

    facts: RunFacts
    started: str
    seconds: float
    results: tuple[CheckResult, ...]
    evidence: tuple[Evidence, ...] = ()
    stacks: tuple[StackShape, ...] = ()

    @property
    def is_green(self) -> bool:
        """True when every check did its work and found nothing."""
        return bool(self.results) and all(verdict_of(each) in GOOD for each in self.results)

    @property
    def measured(self) -> tuple[Measured, ...]:
        """The measurements, by name and then by check."""
        found = [
            Measured(name=name, check=result.check, seconds=tuple(values), bound=result.bounds.get(name))
            for result in self.results
            for name, values in result.measures.items()
        ]
        return tuple(sorted(found, key=lambda each: (each.name, order_of(each.check))))

    def counts(self) -> dict[Verdict, int]:
        """Return how many checks have each verdict; only those that occur."""
        verdicts = [verdict_of(each) for each in self.results]
        return {verdict: verdicts.count(verdict) for verdict in Verdict if verdict in verdicts}


def verdict_of(result: CheckResult) -> Verdict:
    """Return the verdict of a check as a whole: the worst of its regions."""
    worst = (Verdict.RED, Verdict.UNKNOWN, Verdict.NOT_EXERCISED)
    verdicts = {each.verdict for each in result.regions}
    return next((each for each in worst if each in verdicts), Verdict.GREEN)


def headline(report: RunReport) -> str:
    """Return the run in one line, e.g. `31 checks: 30 green, 1 red`."""
    counts = [f"{number} {verdict.value}" for verdict, number in report.counts().items()]
    checks = "1 check" if len(report.results) == 1 else f"{len(report.results)} checks"
    return f"{checks}: {', '.join(counts)}" if counts else "no checks"


def order_of(check: str) -> tuple[str, int]:
    """Return what sorts check IDs: letters, then the number."""
    letters = check.rstrip("0123456789")
    return letters, int(check.removeprefix(letters) or 0)


def spread(seconds: Sequence[float]) -> tuple[float, float]:
    """Return the median and the largest of some measurements."""
    return statistics.median(seconds), max(seconds)


def report_to_json(report: RunReport) -> dict[str, Any]:
    """Return report.json: plain names, verdicts as words, seconds as numbers."""
    return {
        "format": FORMAT,
        "run": asdict(report.facts),
        "started": report.started,
        "seconds": round(report.seconds, 3),
        "counts": {verdict.value: number for verdict, number in report.counts().items()},
        "checks": list(_checks(report.results)),
        "measured": [asdict(each) for each in report.measured],
        "stacks": [asdict(each) for each in report.stacks],
        "evidence": [evidence_to_json(each) for each in report.evidence],
    }


def _checks(results: Sequence[CheckResult]) -> Iterator[dict[str, Any]]:
    for result in results:
        yield {
            "check": result.check,
            "title": result.title,
            "nodeid": result.nodeid,
            "verdict": verdict_of(result).value,
            "seconds": round(result.seconds, 3),
            "regions": {
                each.region: {"verdict": each.verdict.value, "seconds": round(each.seconds, 3)}
                for each in result.regions
            },
            "not_exercised": result.reason,
        }
