"""SQS: moto's, whose queues take and give messages only to whom their keys are open."""

from __future__ import annotations

from .keys import PATCHES

__all__ = ["PATCHES"]
