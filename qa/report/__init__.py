"""Results of a run as values, as a terminal summary and as JUnit properties."""

from .results import CheckResult, RegionResult, RunFacts, Verdict, result_of
from .summary import render_summary

__all__ = ["CheckResult", "RegionResult", "RunFacts", "Verdict", "render_summary", "result_of"]
