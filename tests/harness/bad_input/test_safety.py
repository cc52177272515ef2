"""Whom a run may touch, what it says first, and how many requests it may send."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.cli import main
from qa.stack.calls import CallBudgetError, CallMeter

from .running import add_check, live_run

if TYPE_CHECKING:
    from pathlib import Path

POLLING = """
@pytest.mark.qa_check("G3", "primary")
def test_something_polls_without_end(qa_clients):
    while True:
        qa_clients.sns("us-east-1").list_topics()
"""


def allow(project: Path, setting: str) -> None:
    settings = project / "pyproject.toml"
    settings.write_text(f"{settings.read_text()}\n[tool.qa.safety]\n{setting}\n")


@pytest.mark.usefixtures("credentials")
def test_an_account_outside_the_list_is_refused_by_commands(
    project: Path, endpoint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    allow(project, 'accounts = ["111122223333", "444455556666"]')

    code = main(["deploy", "--target", "endpoint", "--endpoint-url", endpoint])

    assert (code, capsys.readouterr().err) == (
        2,
        (
            "qa deploy: account '123456789012' may not be touched: `accounts` in [tool.qa.safety] of "
            "pyproject.toml allows 111122223333, 444455556666. Nothing was done. Take other credentials, "
            "or add it there.\n"
        ),
    )


@pytest.mark.usefixtures("credentials")
def test_an_account_outside_the_list_is_refused_by_a_live_run(project: Path, endpoint: str) -> None:
    allow(project, 'accounts = ["111122223333"]')

    seen = live_run(project, "--target", "endpoint", "--endpoint-url", endpoint)

    assert (seen.code, seen.reason) == (
        2,
        (
            "qa could not run: account '123456789012' may not be touched: `accounts` in [tool.qa.safety] of "
            "pyproject.toml allows 111122223333. Nothing was done. Take other credentials, or add it there."
        ),
    )
    assert list((project / ".qa/runs").glob("*")) == []


def test_a_region_outside_the_list_is_refused_before_any_request(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    allow(project, 'regions = ["us-east-1", "eu-west-1"]')

    code = main(["deploy", "--target", "aws"])

    assert (code, capsys.readouterr().err) == (
        2,
        (
            "qa deploy: region 'us-west-2' may not be touched: `regions` in [tool.qa.safety] of "
            "pyproject.toml allows us-east-1, eu-west-1. Nothing was done. Fix [tool.qa.regions], or add "
            "it there.\n"
        ),
    )


def test_the_embedded_aws_is_nobodys_account(project: Path) -> None:
    allow(project, 'accounts = ["111122223333"]\ncalls-per-run = 1')

    seen = live_run(project)

    assert (seen.code, "2 passed" in seen.text) == (0, True), seen.text


@pytest.mark.usefixtures("credentials")
def test_a_live_run_says_first_whom_it_touches_and_keeps_to_its_budget(project: Path, endpoint: str) -> None:
    allow(project, 'accounts = ["123456789012"]\ncalls-per-run = 40')
    where = ("--target", "endpoint", "--endpoint-url", endpoint)
    main(["deploy", *where])
    add_check(project, POLLING)

    seen = live_run(project, *where)

    output = seen.text.splitlines()
    assert output.index("stacks: Topics-dev in us-east-1 and us-west-2") < next(
        number for number, line in enumerate(output) if line.startswith("tests/live")
    )
    assert (seen.code, "2 passed, " in seen.text or "1 failed, 2 passed" in seen.text) == (1, True), seen.text
    assert "requests: 41 of the 40 that a run may send" in seen.text
    assert "CallBudgetError: this run has sent its 40 requests and sends no more" in seen.text


def test_the_budget_is_shared_by_all_who_count(tmp_path: Path) -> None:
    first, second = (CallMeter(tmp_path / "calls", limit=3) for _ in range(2))
    first.count()
    second.count()
    first.count()

    with pytest.raises(CallBudgetError) as refused:
        second.count()

    assert str(refused.value) == (
        "this run has sent its 3 requests and sends no more; what it made is still removed. Look for a check "
        "that polls without end, or raise `calls-per-run` in [tool.qa.safety] of pyproject.toml."
    )
    assert second.used == 4


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ('accounts = ["1234"]', "is '1234'; expected: account IDs of twelve digits, in quotes."),
        ("calls-per-run = 0", "is 0; expected: a whole number above zero."),
        ("calls-per-run = true", "is True; expected: a whole number above zero."),
    ],
    ids=["account", "none", "no number"],
)
def test_a_list_that_cannot_hold_is_refused(
    project: Path, setting: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    allow(project, setting)

    code = main(["deploy", "--target", "aws"])

    assert (code, capsys.readouterr().err.endswith(f"{words}\n")) == (2, True)
