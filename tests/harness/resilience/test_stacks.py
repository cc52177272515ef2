"""The checks of whole stacks: green on the stack as deployed, red by one fault each."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from qa.resilience import as_deployed

from . import faults
from .trial import HERE, THERE

if TYPE_CHECKING:
    from .trial import Trial


def test_stacks_as_the_template_has_them_pass(trial: Trial) -> None:
    assert trial.run(as_deployed()) == "PASSED"


def test_an_outputs_file_of_last_week_is_red(trial: Trial) -> None:
    stale = dataclasses.replace(trial.live.outputs, values={**trial.live.outputs.values, "TableName": "old"})
    last_week = dataclasses.replace(trial, live=dataclasses.replace(trial.live, outputs=stale))

    with pytest.raises(AssertionError) as red:
        last_week.run(as_deployed())

    assert str(red.value).startswith(f"the outputs of Orders-dev in {HERE}: found {{'TableName': 'old'}} in ")
    assert "The file is stale: run `make outputs`." in str(red.value)


def test_a_stack_that_was_rolled_back_is_red(trial: Trial) -> None:
    with faults.rolled_back(trial), pytest.raises(AssertionError) as red:
        trial.run(as_deployed())

    assert str(red.value).startswith(f"stack Orders-dev in {THERE}: found UPDATE_ROLLBACK_COMPLETE")
