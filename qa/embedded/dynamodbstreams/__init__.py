"""DynamoDB Streams: moto's, for the administrator."""

from __future__ import annotations

from .validation import PATCHES

__all__ = ["PATCHES"]
