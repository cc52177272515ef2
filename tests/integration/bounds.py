"""How much may be lost, and how long a recovery may take: the promises that the drills measure."""

from __future__ import annotations

import os


def rpo_bound() -> float:
    """Return the recovery point objective in seconds: QA_RPO_SECONDS, or 5."""
    return float(os.environ.get("QA_RPO_SECONDS", "5"))


def rto_bound() -> float:
    """Return the recovery time objective in seconds: QA_RTO_SECONDS, or 60.

    It leaves out what no test can know: the detection of the loss and the decision.
    """
    return float(os.environ.get("QA_RTO_SECONDS", "60"))
