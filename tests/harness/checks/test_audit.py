"""What the rules find of faults not made for them: the page says no more and no less."""

from __future__ import annotations

import pytest

from tests.harness.checks.audit import DOCUMENT, LEFT, document, found_by, of_check
from tests.harness.checks.beliefs import BELIEFS, WORLD, Belief
from tests.unit.checks import CHECKS


def test_the_page_is_what_the_rules_find_today() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document()


def test_why_stands_beside_every_check_with_something_left_and_no_other() -> None:
    left = {name for name in CHECKS if any(not found_by(one.change) for one in of_check(name))}

    assert set(LEFT) == {name.removeprefix("test_") for name in left}


@pytest.mark.parametrize("fault", [*BELIEFS, *WORLD], ids=lambda fault: fault.words)
def test_a_fault_that_can_be_written_down_is_found(fault: Belief) -> None:
    assert (fault.change is None) is bool(fault.left)
    assert fault.change is None or found_by(fault.change)
