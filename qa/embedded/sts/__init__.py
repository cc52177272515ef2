"""STS: moto's, whose sessions are the judge's callers."""

from __future__ import annotations

from .patches import PATCHES

__all__ = ["PATCHES"]
