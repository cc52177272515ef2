"""The page of the ready checks is made from them, and nothing is missing in it."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import qa.resilience
from qa.resilience.catalogue import CHECKS
from qa.resilience.deadlines import DEADLINES
from qa.resilience.document import page

if TYPE_CHECKING:
    import pytest


def test_the_page_of_the_ready_checks_is_current(pytestconfig: pytest.Config) -> None:
    written = (pytestconfig.rootpath / "docs" / "ready-checks.md").read_text(encoding="utf-8")

    assert written == page(), "make it again: python -m qa.resilience.document > docs/ready-checks.md"


def test_every_check_is_exported_numbered_and_says_what_is_red_and_what_it_needs() -> None:
    named = {check.__name__: check for check in CHECKS.values()}

    assert sorted(named) == [each for each in sorted(qa.resilience.__all__) if each.islower()]
    assert [name for name, check in named.items() if "\nRed: " not in str(inspect.getdoc(check))] == []
    assert [name for name, check in named.items() if "\nNeeds: " not in str(inspect.getdoc(check))] == []
    assert set(DEADLINES) <= set(named)
