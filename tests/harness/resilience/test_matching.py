"""The checks of regions against one another: green on the stack as deployed, red by one fault each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.resilience import data_stays_in, regions_match

from . import faults
from .trial import HERE, THERE

if TYPE_CHECKING:
    from .trial import Trial


def test_regions_that_are_alike_but_for_their_names_pass(trial: Trial) -> None:
    assert trial.run(regions_match()) == "PASSED"


def test_a_timeout_of_one_region_alone_is_red_until_it_is_excepted(trial: Trial) -> None:
    with faults.timeout(trial, 3):
        with pytest.raises(AssertionError) as red:
            trial.run(regions_match())
        excepted = trial.run(regions_match(except_=("ApiFunction.Timeout",)))

    assert str(red.value) == (
        f"{THERE}, compared with {HERE}: found 1 difference(s): ApiFunction.Timeout is 10 in {HERE} and 3 in "
        f"{THERE}, expected the same settings and rights. Set both alike, or except what is meant: "
        'except_=("LogicalId.Setting",).'
    )
    assert excepted == "PASSED"


def test_a_right_of_one_region_alone_is_red(trial: Trial) -> None:
    with faults.allowed(trial, "ApiRole", "sqs:SendMessage"), pytest.raises(AssertionError) as red:
        trial.run(regions_match())

    assert "ApiRole.Policy.given is null in " in str(red.value)


def test_data_that_stays_in_its_regions_passes(trial: Trial) -> None:
    assert trial.run(data_stays_in([HERE, THERE])) == "PASSED"


def test_a_subscription_in_another_region_is_red(trial: Trial) -> None:
    with faults.subscribed(trial, "us-east-1"), pytest.raises(AssertionError) as red:
        trial.run(data_stays_in([HERE, THERE]))

    topic = f"AlarmTopic ({trial.physical('AlarmTopic', HERE)}) in {HERE}"
    assert (
        f"the data of {HERE}: found ways out: a subscription of {topic} to us-east-1, expected only "
        in str(red.value)
    )
