"""The checks of buckets: green on the stack as deployed, red by one fault each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.resilience import objects_replicate

from . import faults
from .trial import HERE, THERE

if TYPE_CHECKING:
    from .trial import Trial


def test_replicating_buckets_pass_and_leave_nothing(trial: Trial) -> None:
    assert (trial.run(objects_replicate("Documents")), trial.left()) == ("PASSED", ())


def test_a_role_that_may_not_replicate_is_red(trial: Trial) -> None:
    bucket = trial.physical("Documents", THERE)
    with faults.denied(trial, "DocumentsRole", "s3:ReplicateObject"), pytest.raises(AssertionError) as red:
        trial.run(objects_replicate("Documents"))

    assert str(red.value).startswith(
        f"Documents ({bucket}) in {THERE}: found replication FAILED by rule 'to-the-other' to "
        f"{trial.physical('Documents', HERE)}, expected COMPLETED. Look at the rule's role: "
    )
    assert trial.left() == ()
