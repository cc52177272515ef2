"""What `[tool.qa.safety]` allows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Safety:
    """`[tool.qa.safety]`; an empty list allows all."""

    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    calls_per_run: int = 20_000
    """Requests that the checks of one run may send; their removal is not counted."""
    writes: bool = False
    """Whether ready checks may write, send and invoke at a target that is not the run's own."""
