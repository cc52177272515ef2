"""The routes under /_qa/v1/ that set the clock, the settings and the faults of an embedded AWS.

They are for people at a desk and for the harness's own tests. The checks of a stack never use them:
they run unchanged against AWS.
"""

from __future__ import annotations

from .client import Control, ControlError

__all__ = ["Control", "ControlError"]
