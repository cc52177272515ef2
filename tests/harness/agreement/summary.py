"""What a campaign found, counted, and as a table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .classes import CLASSES, class_of
from .opinion import COUNTERPARTS, EDGE, READING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .comparison import Comparison, Disagreement

_OUR_NAMES = {theirs: ours for ours, theirs in COUNTERPARTS.items()} | {
    EDGE: "edges of the graph",
    READING: "refused",
}


@dataclass(slots=True)
class Summary:
    """Counts over the comparisons added so far."""

    templates: int = 0
    unread: list[str] = field(default_factory=list)
    """Of each template that one or both could not read: who and why."""
    agreed: Counter[str] = field(default_factory=Counter)
    explained: Counter[tuple[str, int]] = field(default_factory=Counter)
    """By rule and number of the class."""
    unexplained: list[Disagreement] = field(default_factory=list)

    def add(self, comparison: Comparison) -> None:
        """Count one comparison."""
        self.templates += 1
        refusals = {"qa": comparison.qa.refusal, "cfn-lint": comparison.cfn_lint.refusal}
        who = [f"{name}: {reason}" for name, reason in refusals.items() if reason is not None]
        if who:
            self.unread.append(f"{comparison.source}: {' | '.join(who)}")
        else:
            self.agreed.update(place.rule for place in comparison.agreed)
        for disagreement in comparison.disagreements():
            found = class_of(disagreement)
            if found is None:
                self.unexplained.append(disagreement)
            else:
                self.explained[disagreement.place.rule, CLASSES.index(found)] += 1

    def lines(self) -> Iterator[str]:
        """Yield the table, the templates that were not read, and what is not explained."""
        yield f"{self.templates} templates, {len(self.unread)} not read by both"
        yield ""
        yield "| rule | cfn-lint | both | qa alone | cfn-lint alone | not explained |"
        yield "|---|---|---|---|---|---|"
        for rule, name in _OUR_NAMES.items():
            alone = [self._alone(rule, side) for side in ("qa", "cfn-lint")]
            open_ends = sum(one.place.rule == rule for one in self.unexplained)
            yield f"| {name} | {rule} | {self.agreed[rule]} | {alone[0]} | {alone[1]} | {open_ends} |"
        yield ""
        yield "| disagreement | found by | times | right | reason |"
        yield "|---|---|---|---|---|"
        for index, each in enumerate(CLASSES):
            times = sum(count for (_, number), count in self.explained.items() if number == index)
            if times:
                yield f"| {each.name} | {each.found_by} | {times} | {each.right} | {each.reason} |"
        yield from ("", *(f"not read: {line}" for line in self.unread))
        for one in self.unexplained:
            yield f"NOT EXPLAINED ({one.side} alone): {_described(one)}"

    def _alone(self, rule: str, side: str) -> int:
        explained = sum(
            count
            for (name, number), count in self.explained.items()
            if name == rule and CLASSES[number].found_by == side
        )
        return explained + sum(one.place.rule == rule and one.side == side for one in self.unexplained)


def _described(one: Disagreement) -> str:
    path = "/".join(map(str, one.place.path))
    return f"{one.comparison.source}: {one.place.rule} at {path}: {one.words}"
