"""Ready checks: one line in a test file each, for any stack in several regions.

docs/ready-checks.md has them all.
"""

from __future__ import annotations

from .alarms import alarm_notifies, alarms_armed
from .buckets import objects_replicate
from .events import ItemLeft, ObjectsLeft
from .functions import function_answers
from .keys import decrypts_everywhere
from .loss import comes_back, stays_in_region, survives_loss, update_survives_loss
from .matching import data_stays_in, regions_match
from .roles import May, role_can
from .sealing import sealed
from .stacks import as_deployed
from .tables import restorable, table_converges, table_replicates

__all__ = [
    "ItemLeft",
    "May",
    "ObjectsLeft",
    "alarm_notifies",
    "alarms_armed",
    "as_deployed",
    "comes_back",
    "data_stays_in",
    "decrypts_everywhere",
    "function_answers",
    "objects_replicate",
    "regions_match",
    "restorable",
    "role_can",
    "sealed",
    "stays_in_region",
    "survives_loss",
    "table_converges",
    "table_replicates",
    "update_survives_loss",
]
