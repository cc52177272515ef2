"""Which kills a campaign makes."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .moments import drawn, named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .moments import Moment

IN_A_RUN = ("run", "server", "worker", "function", "term", "interrupt")
COMMANDS = ("deploy", "destroy", "sweep")
KINDS = (*IN_A_RUN, *COMMANDS, "pair")

WELL_KNOWN: dict[tuple[str, str], tuple[str, ...]] = {
    ("run", "endpoint"): (
        "it knows its target",
        "before its first documents",
        "a document replicates",
        "before a check's item",
        "before a mute rule",
        "before an alarm's state",
        "in the middle of a drill",
        "before a queue",
        "before a subscription",
        "it cleans up",
        "it writes its report",
    ),
    ("run", "embedded"): ("it has begun", "its AWS starts", "it deploys", "it writes its outputs"),
    ("server", "embedded"): (
        "its AWS starts",
        "it deploys",
        "it writes its outputs",
        "a document replicates",
        "before a check's item",
        "in the middle of a drill",
        "it cleans up",
    ),
    ("server", "endpoint"): ("before its first documents", "in the middle of a drill"),
    ("worker", "endpoint"): (
        "a worker starts",
        "before a check's item",
        "before a mute rule",
        "before an alarm's state",
        "in the middle of a drill",
        "before a queue",
        "before a subscription",
    ),
    ("function", "endpoint"): ("a function starts", "before its first documents", "a document replicates"),
    ("function", "embedded"): ("a function starts",),
    ("term", "endpoint"): ("it knows its target", "in the middle of a drill"),
    ("interrupt", "endpoint"): ("a worker starts", "it cleans up"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One kill; `seed` draws what else is left to chance."""

    kind: str
    target: str
    moment: Moment
    seed: int

    @property
    def name(self) -> str:
        """What tells the case from all others of a campaign."""
        return f"{self.kind}, {self.target}, {self.moment.name}, seed {self.seed}"


def plan(kind: str, *, moments: int, seed: int) -> tuple[Case, ...]:
    """Return the kills of one kind: the moments known by name, and drawn ones, `moments` at least in all."""
    return tuple(_cases(kind, moments, seed))


def _cases(kind: str, moments: int, seed: int) -> Iterator[Case]:
    source = random.Random(f"{kind} {seed}")  # noqa: S311 - draws moments, keeps no secret
    if kind not in IN_A_RUN:
        for moment in drawn(moments, source):
            yield Case(kind=kind, target="endpoint", moment=moment, seed=seed)
        return
    by_name = {target: named(*WELL_KNOWN.get((kind, target), ())) for target in ("endpoint", "embedded")}
    expected = max(3, moments - sum(len(each) for each in by_name.values()))
    second = max(1, round(expected * 0.4))
    for target, share in (("endpoint", expected - second), ("embedded", second)):
        for moment in (*by_name[target], *drawn(share, source)):
            yield Case(kind=kind, target=target, moment=moment, seed=seed)
