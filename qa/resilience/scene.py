"""What a ready check works with: the estate, the clients, the ledger, its deadlines, where it records."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qa.live.regions import in_each_region
from qa.stack.target import TargetKind

from .deadlines import DEADLINES
from .verdicts import LateError, NotExercisedError, not_modelled, red

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from qa.stack.clients import Clients
    from qa.stack.ledger import Ledger

    from .estate import Estate

__tracebackhide__ = True  # a failure is shown at the line that asked for the check


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One ready check's surroundings in one run."""

    estate: Estate
    clients: Clients
    record: Callable[[str, object], None]
    writes: bool = False
    """Whether the run may write, send and invoke at a target that is not its own embedded AWS."""
    pace: float | None = None
    """Seconds that replace every default deadline; for the tests of the checks."""
    reasons: list[str] = field(default_factory=list)

    def __repr__(self) -> str:
        """Return a word: a failure shows it as the argument of the test."""
        return f"<{self.run_id} in {', '.join(self.estate.regions)}>"

    @property
    def is_embedded(self) -> bool:
        """Whether this is the run's own embedded AWS, whose pace is known and which nobody else uses."""
        return self.estate.live.target.kind is TargetKind.EMBEDDED

    @property
    def run_id(self) -> str:
        """The ID that everything carries that the run makes."""
        return self.estate.live.run.run_id

    @property
    def ledger(self) -> Ledger:
        """Where a thing is written down before it is made."""
        return self.estate.live.run.ledger

    def new_name(self) -> str:
        """Return a fresh name that starts with the run's ID, so that a sweep finds it without the ledger."""
        return f"{self.run_id}-{secrets.token_hex(6)}"

    def seconds(self, check: str) -> float:
        """Return the deadline of a check at this run's target."""
        row = DEADLINES[check]
        return self.pace or (row.embedded if self.is_embedded else row.aws)

    def will_write(self, what: str) -> None:
        """Raise NotExercisedError where the run may not write, send or invoke."""
        if not (self.is_embedded or self.writes):
            raise NotExercisedError(
                f"it would {what}. Allow it with --writes, or `writes = true` in [tool.qa.safety]."
            )

    def too_late(self, what: object, *, found: str, expected: str, fix: str, stated: bool) -> Exception:
        """Return the verdict on something that took too long: red against a stated objective, else late.

        The embedded AWS has no pace but its own: there, the default deadline is an objective, too.
        """
        if stated or self.is_embedded:
            return red(what, found=found, expected=expected, fix=fix)
        return LateError(
            f"LATE: {what}: found {found}, expected {expected}. AWS states no bound: state one in the check "
            "(rpo= or within=) to make this red."
        )

    def in_each(self, regions: Collection[str], check: Callable[[str], None]) -> None:
        """Run a check for all regions at once; each gets a verdict of its own, none hides another."""
        __tracebackhide__ = True
        names = tuple(regions)
        unexercised: dict[str, str] = {}

        def exercised(region: str) -> None:
            try:
                check(region)
            except Exception as error:
                reason = reason_of(error)
                if reason is None:
                    raise
                unexercised[region] = f"{region}: {reason}"

        in_each_region(names, exercised, record=self.record)
        self.reasons.extend(unexercised[region] for region in names if region in unexercised)

    def measure(self, name: str, seconds: float, *, bound: float | None = None) -> None:
        """Record measured seconds, and the bound that they must keep to."""
        self.record(f"qa.measure.{name}", f"{seconds:.4f}")
        if bound is not None:
            self.record(f"qa.bound.{name}", f"{bound:g}")


def reason_of(error: BaseException) -> str | None:
    """Return why a check was not exercised; None for an error that is a verdict, or none of ours."""
    if isinstance(error, NotExercisedError):
        return str(error)
    return f"not modelled here: {error}" if not_modelled(error) else None


@contextmanager
def exercising(scene: Scene) -> Iterator[None]:
    """Record why the block could not do its work, if it says so, instead of failing."""
    __tracebackhide__ = True
    try:
        yield
    except Exception as error:
        reason = reason_of(error)
        if reason is None:
            raise
        scene.reasons.append(reason)
    if scene.reasons:
        scene.record("qa.not_exercised", "; ".join(scene.reasons))
