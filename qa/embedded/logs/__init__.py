"""CloudWatch Logs: moto's, whose groups take only keys that let the service use them."""

from __future__ import annotations

from .keys import PATCHES, require_key

__all__ = ["PATCHES", "require_key"]
