"""Which line of which test failed, for a GitHub annotation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.report.annotations import Annotation

if TYPE_CHECKING:
    import pytest


def annotation_of(report: pytest.TestReport) -> Annotation:
    """Return where and why a check failed: the test's own line, and the first words of its failure."""
    file, line, name = report.location
    check = dict(report.user_properties).get("qa.check")
    return Annotation(
        file=file.replace("\\", "/"),
        line=(line or 0) + 1,
        title=name if check is None else f"{check} {name}",
        message=_words(report),
    )


def _words(report: pytest.TestReport) -> str:
    lines = [line[1:].strip() for line in report.longreprtext.splitlines() if line.startswith("E ")]
    return "\n".join(lines) or report.longreprtext
