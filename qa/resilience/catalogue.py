"""All ready checks by number, in the order of the page that describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .alarms import alarm_notifies
from .buckets import objects_replicate
from .functions import function_answers
from .keys import decrypts_everywhere
from .loss import comes_back, survives_loss
from .stacks import as_deployed
from .tables import table_replicates

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .ready import Test

CHECKS: Mapping[int, Callable[..., Test]] = {
    1: as_deployed,
    2: table_replicates,
    3: decrypts_everywhere,
    4: function_answers,
    5: survives_loss,
    7: objects_replicate,
    10: alarm_notifies,
    24: comes_back,
}
