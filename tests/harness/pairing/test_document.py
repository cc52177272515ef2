"""The list of the 75 in docs/ is the list that runs."""

from __future__ import annotations

from tests.unit.checks import CHECKS, GUARDS
from tests.unit.document import DOCUMENT, document


def test_the_document_lists_every_check_with_its_mutations() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document()


def test_each_failure_of_the_analysis_is_guarded_by_a_check() -> None:
    assert {GUARDS[name] for name in CHECKS if name in GUARDS} == {"F1", "F2", "F3", "F4", "F5", "F6"}
    assert set(GUARDS) <= set(CHECKS)
