"""SNS: moto's, whose messages reach only whom policies and keys let them reach."""

from __future__ import annotations

from . import delivery, keys, validation

__all__ = ["PATCHES"]

PATCHES = (*keys.PATCHES, *delivery.PATCHES, *validation.PATCHES)
