"""One check over several regions: each gets its own verdict, and one failure hides no other."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.report import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    region: str
    seconds: float
    error: Exception | None

    @property
    def verdict(self) -> Verdict:
        if self.error is None:
            return Verdict.GREEN
        return Verdict.RED if isinstance(self.error, AssertionError) else Verdict.UNKNOWN


def in_each_region(
    regions: Sequence[str],
    check: Callable[[str], None],
    *,
    record: Callable[[str, object], None],
) -> None:
    """Run the check for all regions at once, record verdict and seconds of each, then fail for all.

    Raises AssertionError when the stack is wrong somewhere, with every region's own words; an error
    of the harness is raised only when no region is wrong.
    """
    __tracebackhide__ = True
    with ThreadPoolExecutor(len(regions), thread_name_prefix="qa-region") as pool:
        outcomes = tuple(pool.map(lambda region: _outcome(region, check), regions))
    for outcome in outcomes:
        record(f"qa.verdict.{outcome.region}", outcome.verdict.value)
        record(f"qa.seconds.{outcome.region}", f"{outcome.seconds:.3f}")
    _raise_all([outcome for outcome in outcomes if outcome.error is not None])


def _outcome(region: str, check: Callable[[str], None]) -> _Outcome:
    start = time.monotonic()
    try:
        check(region)
    except Exception as error:  # noqa: BLE001 - raised again once every region is done
        return _Outcome(region=region, seconds=time.monotonic() - start, error=error)
    return _Outcome(region=region, seconds=time.monotonic() - start, error=None)


def _raise_all(failed: Sequence[_Outcome]) -> None:
    __tracebackhide__ = True
    if len(failed) == 1 and failed[0].error is not None:
        failed[0].error.add_note(f"region: {failed[0].region}")
        raise failed[0].error
    message = "\n\n".join(f"{each.region}: {each.error}" for each in failed)
    if any(each.verdict is Verdict.RED for each in failed):
        raise AssertionError(message) from failed[0].error
    if failed:
        raise ExceptionGroup(message, [each.error for each in failed if each.error is not None])
