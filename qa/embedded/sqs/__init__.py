"""SQS: moto's, whose queues take and give messages only to whom their keys are open."""

from __future__ import annotations

from . import keys, validation

__all__ = ["PATCHES"]

PATCHES = (*keys.PATCHES, *validation.PATCHES)
