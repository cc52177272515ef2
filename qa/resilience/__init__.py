"""Ready checks: one line in a test file each, for any stack in several regions.

docs/ready-checks.md has them all.
"""

from __future__ import annotations

from .tables import table_replicates

__all__ = ["table_replicates"]
