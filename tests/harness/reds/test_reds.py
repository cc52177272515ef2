"""Every live check can fail: one change each, and the check's own function says what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.deadlines import DEADLINES

from .catalogue import Red, reds
from .document import page

if TYPE_CHECKING:
    from .world import World


@pytest.mark.parametrize("red", reds(), ids=lambda red: red.check)
def test_the_change_turns_its_check_red(world: World, red: Red) -> None:
    red.apply(world)

    with pytest.raises(AssertionError) as raised:
        world.run(red.test)

    message = "\n".join([str(raised.value), *getattr(raised.value, "__notes__", [])])
    assert red.words in message


def test_every_check_has_a_change() -> None:
    checks = [check for check in DEADLINES if " " not in check]

    assert [red.check for red in reds()] == checks


def test_the_page_of_the_checks_is_true(pytestconfig: pytest.Config) -> None:
    written = (pytestconfig.rootpath / "docs" / "checks.md").read_text(encoding="utf-8")

    assert written == page(), "write it anew: python -m tests.harness.reds.document > docs/checks.md"
