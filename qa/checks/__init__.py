"""The static checks: what is wrong with a template, before anything is deployed."""

from __future__ import annotations

from .catalogue import RULES
from .engine import check
from .finding import Finding, Severity
from .rule import Fault, Rule, rule

__all__ = ["RULES", "Fault", "Finding", "Rule", "Severity", "check", "rule"]
