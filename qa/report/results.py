"""What one run of the live checks found, as values that travel in pytest's user properties.

The properties are flat strings, so that they pass from xdist's workers and stand in the JUnit file:

- qa.check: the check's ID, such as T2
- qa.regions: which regions it is about: primary, secondary or both, in region names, comma-separated
- qa.verdict.<region>: green, red, unknown or not-exercised
- qa.seconds.<region>: how long it took there
- qa.measure.<name>: a measured number in seconds, once per measurement
- qa.bound.<name>: the seconds that a measurement must keep to
- qa.not_exercised: why a check did not do its work
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Properties = list[tuple[str, object]]


class Verdict(enum.Enum):
    """What a check says of a region; `unknown` means that the harness could not find out."""

    GREEN = "green"
    RED = "red"
    UNKNOWN = "unknown"
    NOT_EXERCISED = "not-exercised"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionResult:
    """The verdict of one check for one region, and the seconds it took."""

    region: str
    verdict: Verdict
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """The result of one check over all its regions; `measures` and `bounds` are seconds by name."""

    check: str
    title: str
    seconds: float
    regions: tuple[RegionResult, ...]
    measures: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    reason: str | None = None
    bounds: Mapping[str, float] = field(default_factory=dict)
    nodeid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What a run was about; the account is None when it was never learnt."""

    run_id: str
    target: str
    endpoint: str | None
    account: str | None
    regions: tuple[str, ...]
    stacks: tuple[str, ...]
    leftovers: int = 0


def result_of(
    *, nodeid: str, seconds: float, passed: bool, unknown: bool, properties: Iterable[tuple[str, object]]
) -> CheckResult | None:
    """Read a test's result back from its properties; None for a test that is no live check.

    A region that no property is about gets the verdict of the whole test.
    """
    known = {name: str(value) for name, value in properties}
    if "qa.check" not in known:
        return None
    reason = known.get("qa.not_exercised")
    whole = _verdict(passed=passed, unknown=unknown, reason=reason)
    regions = tuple(
        RegionResult(
            region=region,
            verdict=Verdict(known.get(f"qa.verdict.{region}", whole.value)) if reason is None else whole,
            seconds=float(known.get(f"qa.seconds.{region}", seconds)),
        )
        for region in known.get("qa.regions", "").split(",")
        if region
    )
    title = nodeid.rpartition("::")[2].removeprefix("test_").replace("_", " ")
    return CheckResult(
        check=known["qa.check"],
        title=title,
        seconds=seconds,
        regions=regions,
        measures=_measures(properties),
        reason=reason,
        bounds=_bounds(properties),
        nodeid=nodeid,
    )


def _verdict(*, passed: bool, unknown: bool, reason: str | None) -> Verdict:
    if unknown:
        return Verdict.UNKNOWN
    if not passed:
        return Verdict.RED
    return Verdict.GREEN if reason is None else Verdict.NOT_EXERCISED


def _measures(properties: Iterable[tuple[str, object]]) -> dict[str, tuple[float, ...]]:
    measures: dict[str, tuple[float, ...]] = {}
    for name, value in properties:
        if name.startswith("qa.measure."):
            key = name.removeprefix("qa.measure.")
            measures[key] = (*measures.get(key, ()), float(str(value)))
    return measures


def _bounds(properties: Iterable[tuple[str, object]]) -> dict[str, float]:
    return {
        name.removeprefix("qa.bound."): float(str(value))
        for name, value in properties
        if name.startswith("qa.bound.")
    }
