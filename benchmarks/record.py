"""A run's figures as JSON, so that a pipeline can compare runs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .figures import Curve, Figure, Samples


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What the times depend on besides our code."""

    cores: int
    load_before: float
    """Average of the last minute; as many as there are cores means that all are taken."""
    load_after: float
    python: str


def as_json(figures: Sequence[Figure], curves: Sequence[Curve], machine: Machine) -> str:
    """Return everything that was measured; times in seconds, memory in MB of 1,000,000 bytes."""
    reported = {
        "machine": asdict(machine),
        "figures": [_figure(each) for each in figures],
        "curves": [asdict(each) for each in curves],
    }
    return json.dumps(reported, indent=2, ensure_ascii=False) + "\n"


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        **_samples(figure.measured),
        "against": None if figure.reference is None else _samples(figure.reference),
        "ratio": figure.ratio,
        "at_most": figure.at_most,
        "at_most_ratio": figure.at_most_ratio,
        "within_budget": figure.is_within_budget,
    }


def _samples(samples: Samples) -> dict[str, Any]:
    return {
        "what": samples.what,
        "unit": samples.unit.value,
        "median": samples.median,
        "values": list(samples.values),
    }
