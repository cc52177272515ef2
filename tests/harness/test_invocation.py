"""What messages tell people to type fits how qa was installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa import invocation

if TYPE_CHECKING:
    from pathlib import Path


def test_in_a_checkout_of_qa_make_does_it(tmp_path: Path) -> None:
    (tmp_path / "qa").mkdir()
    (tmp_path / "Makefile").write_text("setup:\n", encoding="utf-8")

    assert invocation.invocations(tmp_path) == ("make setup", "make deploy", "make outputs", "make setup")


def test_elsewhere_the_command_does_it(tmp_path: Path) -> None:
    (tmp_path / "qa").mkdir()

    assert invocation.invocations(tmp_path) == (
        "qa setup",
        "qa deploy",
        "qa outputs",
        "pip install 'qa-two-regions[embedded]'",
    )


def test_the_tests_run_in_a_checkout() -> None:
    assert invocation.SETUP == "make setup"
