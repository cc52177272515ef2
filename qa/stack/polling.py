"""How often to look and how long to wait: AWS takes minutes where a server on this machine takes seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Polling:
    """All in seconds; `every` grows to eight times itself while nothing changes."""

    every: float
    stack_within: float
    """For one operation on one stack."""
    documents_within: float
    """For documents on their way to the other region."""


# DescribeStackEvents is throttled per account, and a global table alone takes minutes
AWS_POLLING = Polling(every=1.0, stack_within=3600.0, documents_within=900.0)
LOCAL_POLLING = Polling(every=0.02, stack_within=120.0, documents_within=15.0)


def polling_of(target: Target) -> Polling:
    """Return the pace for a target: short on this machine, AWS's own elsewhere."""
    return LOCAL_POLLING if target.is_local else AWS_POLLING
