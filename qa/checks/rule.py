"""A rule: one function from a context to the faults it finds."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qa.template import Path

    from .context import Context

    Look = Callable[[Context], Iterator["Fault"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What a rule's function yields; the rule adds its ID, severity and source."""

    path: Path
    message: str
    actual: object
    expected: str
    fix: str
    region: str | None = None
    """None where regions do not matter; otherwise one fault per region, joined when they are alike."""
    severity: Severity | None = None
    """Only where it is not the rule's."""
    is_quoted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule of the catalogue."""

    id: str
    severity: Severity
    """Of most of its findings."""
    source: str
    """The page that proves it."""
    look: Look

    @property
    def title(self) -> str:
        """The first line of its explanation."""
        return self.explanation.partition("\n")[0]

    @property
    def explanation(self) -> str:
        """What, why and how to fix it: the docstring."""
        return inspect.cleandoc(self.look.__doc__ or "")

    def findings(self, context: Context) -> Iterator[Finding]:
        """Yield what the rule finds."""
        for fault in self.look(context):
            yield Finding(
                rule=self.id,
                severity=fault.severity or self.severity,
                region=fault.region,
                logical_id=str(fault.path[1]) if len(fault.path) > 1 else None,
                path=fault.path,
                message=fault.message,
                actual=fault.actual,
                expected=fault.expected,
                fix=fault.fix,
                source=self.source,
                is_quoted=fault.is_quoted,
            )


def rule(rule_id: str, *, severity: Severity, source: str) -> Callable[[Look], Rule]:
    """Make a rule of a function; its docstring is what `qa check --explain` prints."""

    def made(look: Look) -> Rule:
        return Rule(id=rule_id, severity=severity, source=source, look=look)

    return made
