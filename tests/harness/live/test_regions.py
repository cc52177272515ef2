"""One check over several regions."""

from __future__ import annotations

import pytest

from qa.errors import ProbeError
from qa.live.regions import in_each_region

REGIONS = ("us-east-1", "us-west-2")


def verdicts(recorded: list[tuple[str, object]]) -> list[tuple[str, object]]:
    return [each for each in recorded if each[0].startswith("qa.verdict.")]


def test_both_regions_are_green() -> None:
    recorded: list[tuple[str, object]] = []

    in_each_region(REGIONS, lambda _: None, record=lambda *each: recorded.append(each))

    assert verdicts(recorded) == [("qa.verdict.us-east-1", "green"), ("qa.verdict.us-west-2", "green")]


def test_one_red_region_fails_with_its_own_words_and_name() -> None:
    recorded: list[tuple[str, object]] = []

    def check(region: str) -> None:
        assert region == "us-east-1", "no replica"

    with pytest.raises(AssertionError, match="no replica") as raised:
        in_each_region(REGIONS, check, record=lambda *each: recorded.append(each))

    assert raised.value.__notes__ == ["region: us-west-2"]
    assert verdicts(recorded) == [("qa.verdict.us-east-1", "green"), ("qa.verdict.us-west-2", "red")]


def test_two_red_regions_are_both_told() -> None:
    def check(region: str) -> None:
        raise AssertionError(f"{region} is ringing")

    with pytest.raises(AssertionError) as raised:
        in_each_region(REGIONS, check, record=lambda *_: None)

    assert str(raised.value) == "us-east-1: us-east-1 is ringing\n\nus-west-2: us-west-2 is ringing"


def test_a_red_region_outweighs_one_of_which_nothing_was_learnt() -> None:
    recorded: list[tuple[str, object]] = []

    def check(region: str) -> None:
        if region == "us-east-1":
            raise ProbeError("access denied")
        raise AssertionError("ringing")

    with pytest.raises(AssertionError) as raised:
        in_each_region(REGIONS, check, record=lambda *each: recorded.append(each))

    assert str(raised.value) == "us-east-1: access denied\n\nus-west-2: ringing"
    assert verdicts(recorded) == [("qa.verdict.us-east-1", "unknown"), ("qa.verdict.us-west-2", "red")]


def test_two_errors_of_the_harness_are_no_verdict_on_the_stack() -> None:
    def check(region: str) -> None:
        raise ProbeError(f"denied in {region}")

    with pytest.raises(ExceptionGroup) as raised:
        in_each_region(REGIONS, check, record=lambda *_: None)

    assert [str(error) for error in raised.value.exceptions] == [
        "denied in us-east-1",
        "denied in us-west-2",
    ]
