"""Failures as GitHub's workflow commands."""

from __future__ import annotations

from qa.report.annotations import Annotation, as_workflow_command


def test_a_failure_is_one_line_whatever_its_text() -> None:
    annotation = Annotation(
        file="tests/integration/test_kms_keys.py",
        line=41,
        title="K1 a, b: c",
        message="100 % wrong\nus-west-2\r\nthird\nfourth\nfifth",
    )

    assert as_workflow_command(annotation) == (
        "::error file=tests/integration/test_kms_keys.py,line=41,title=K1 a%2C b%3A c::"
        "100 %25 wrong%0Aus-west-2%0Athird%0Afourth"
    )
