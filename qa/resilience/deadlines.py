"""How long a ready check waits, in seconds, by check and target; `within=` or an objective replaces it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Deadline:
    """Seconds on AWS (and on any endpoint, whose pace nobody knows), and on a run's own embedded AWS."""

    aws: float
    embedded: float


DEADLINES: Mapping[str, Deadline] = {
    # a global table usually replicates within a second, and AWS states no bound
    "table_replicates": Deadline(60, 10),
}
