"""What came of each kill: a file of JSON lines that a broken-off campaign goes on with, and its table."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_SECONDS = re.compile(r"31 passed.* in (\d+) s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One kill and what was seen after it. Counts are by kind of thing."""

    case: str
    kind: str
    target: str
    moment: str
    seed: int
    at: float
    """Seconds of the run's life."""
    ended: str
    """How what was killed, or the run around it, ended."""
    left: Mapping[str, int]
    listed: int
    """How much the dry run said would go."""
    removed: int
    next_run: str
    """`31 passed in 25 s`; empty where the next kill came first."""
    faults: tuple[str, ...]
    """What must not be; empty when all is well."""


def outcomes(path: Path) -> list[Outcome]:
    """Return what a file holds; nothing when there is none."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_outcome(json.loads(line)) for line in lines if line]


def _outcome(described: dict[str, Any]) -> Outcome:
    return Outcome(**{**described, "faults": tuple(described["faults"])})


def usual(found: Iterable[Outcome]) -> float | None:
    """Return the seconds of the last run that nobody disturbed; None when there was none."""
    seconds = [float(reported[1]) for each in found if (reported := _SECONDS.search(each.next_run))]
    return seconds[-1] if seconds else None


def keep(path: Path, outcome: Outcome) -> None:
    """Add an outcome to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(outcome)) + "\n")


def table(found: Iterable[Outcome]) -> str:
    """Return outcomes as a Markdown table, each case once and with its last outcome."""
    lines = [
        "| killed | moment | then | left | swept | next run |",
        "|---|---|---|---|---|---|",
    ]
    for each in {each.case: each for each in found}.values():
        swept = _short("; ".join(each.faults)) if each.faults else str(each.removed)
        lines.append(
            f"| {each.kind}, {each.target} | {each.moment}, {each.at:.1f} s | {each.ended or '–'} "
            f"| {counts(each.left)} | {swept} | {each.next_run or '–'} |"
        )
    return "\n".join(lines) + "\n"


def _short(text: str) -> str:
    words = " ".join(text.replace("|", "/").split())
    return words if len(words) < 200 else words[:200] + "…"


def counts(left: Mapping[str, int]) -> str:
    """Return counts in words, e.g. `2 × item, 1 × queue`."""
    return ", ".join(f"{count} × {kind}" for kind, count in sorted(left.items())) or "nothing"


def tally(kinds: Iterable[str]) -> dict[str, int]:
    """Count by kind."""
    return dict(Counter(kinds))
