"""All ready checks by number, in the order of the page that describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .alarms import alarm_notifies, alarms_armed
from .buckets import objects_replicate
from .functions import function_answers
from .keys import decrypts_everywhere
from .loss import comes_back, stays_in_region, survives_loss, update_survives_loss
from .matching import data_stays_in, regions_match
from .roles import role_can
from .sealing import sealed
from .stacks import as_deployed
from .tables import restorable, table_converges, table_replicates

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .ready import Test

CHECKS: Mapping[int, Callable[..., Test]] = {
    1: as_deployed,
    2: table_replicates,
    3: decrypts_everywhere,
    4: function_answers,
    5: survives_loss,
    6: stays_in_region,
    7: objects_replicate,
    8: regions_match,
    9: update_survives_loss,
    10: alarm_notifies,
    11: alarms_armed,
    12: role_can,
    15: table_converges,
    20: restorable,
    21: data_stays_in,
    24: comes_back,
    25: sealed,
}
