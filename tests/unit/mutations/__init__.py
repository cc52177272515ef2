"""At least one mutation for each of the 75 checks, in the checks' order."""

from __future__ import annotations

from .buckets import BUCKETS
from .change import Mutation
from .function import FUNCTION
from .keys import KEYS
from .regions import REGIONS
from .roles import ROLES
from .structure import STRUCTURE
from .table import TABLE
from .watch import WATCH
from .whole import WHOLE

MUTATIONS: tuple[Mutation, ...] = (
    *STRUCTURE,
    *REGIONS,
    *KEYS,
    *TABLE,
    *BUCKETS,
    *FUNCTION,
    *ROLES,
    *WATCH,
    *WHOLE,
)

__all__ = ["MUTATIONS", "Mutation"]
