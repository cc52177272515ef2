"""Findings as text for people and as data for machines."""

from __future__ import annotations

from .located import Located, Report, located
from .machine import as_github, as_json, as_lines
from .sarif import as_sarif
from .text import Style, as_text

__all__ = ["Located", "Report", "Style", "as_github", "as_json", "as_lines", "as_sarif", "as_text", "located"]
