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
    "as_deployed": Deadline(15, 10),
    # a global table usually replicates within a second, and AWS states no bound
    "table_replicates": Deadline(60, 10),
    "function_answers": Deadline(30, 10),
    "survives_loss": Deadline(120, 20),
    # no bound without Replication Time Control, 15 minutes with it
    "objects_replicate": Deadline(900, 10),
    # an alarm whose state was set is evaluated again within its period
    "alarm_notifies": Deadline(75, 15),
    "table_converges": Deadline(60, 10),
    "comes_back": Deadline(300, 30),
}
