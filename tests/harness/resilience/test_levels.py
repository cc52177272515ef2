"""Below the level that a check needs, and where it may not write, it is not exercised."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.resilience import (
    May,
    alarm_notifies,
    alarms_armed,
    as_deployed,
    comes_back,
    data_stays_in,
    decrypts_everywhere,
    function_answers,
    objects_replicate,
    regions_match,
    restorable,
    role_can,
    sealed,
    stays_in_region,
    survives_loss,
    table_converges,
    table_replicates,
    update_survives_loss,
)
from qa.resilience.verdicts import LateError

from . import faults
from .stack import ORDER
from .trial import HERE, THERE

if TYPE_CHECKING:
    from types import FunctionType

    from .trial import Trial

NEEDS = {
    "as_deployed": (as_deployed(), "cloudformation"),
    "table_replicates": (table_replicates("OrdersTable"), "dynamodb"),
    "decrypts_everywhere": (decrypts_everywhere("DataKey"), "kms"),
    "function_answers": (function_answers("ApiFunction", ORDER), "lambda"),
    "survives_loss": (survives_loss(HERE, calls="ApiFunction", event=ORDER), "lambda"),
    "objects_replicate": (objects_replicate("Documents"), "s3"),
    "alarm_notifies": (alarm_notifies("DeadLetterAlarm"), "cloudwatch"),
    "alarms_armed": (alarms_armed(subscriber=False), "cloudwatch"),
    "role_can": (role_can("ApiRole", [May("s3:PutObject", "Documents", "/x")]), "iam"),
    "table_converges": (table_converges("OrdersTable"), "dynamodb"),
    "restorable": (restorable("Documents"), "s3"),
    "sealed": (sealed("card", calls="ApiFunction", event=ORDER, leaves=()), "lambda"),
    "regions_match": (regions_match(), "lambda"),
    "data_stays_in": (data_stays_in([HERE, THERE]), "s3"),
    "update_survives_loss": (update_survives_loss(HERE), "cloudformation"),
    "stays_in_region": (stays_in_region("ApiFunction", ORDER), "lambda"),
    "comes_back": (comes_back(HERE, table="OrdersTable"), "dynamodb"),
}
WRITING = (
    "table_replicates",
    "function_answers",
    "objects_replicate",
    "alarm_notifies",
    "table_converges",
    "sealed",
)


@pytest.mark.parametrize("name", NEEDS)
def test_a_check_of_a_service_that_is_not_modelled_is_not_exercised(trial: Trial, name: str) -> None:
    check, service = NEEDS[name]

    result = trial.below(service).run(check)

    assert result.startswith("NOT-EXERCISED: ")
    assert f"the embedded AWS does not model {service}:" in result
    assert trial.left() == ()


@pytest.mark.parametrize("name", WRITING)
def test_a_check_that_writes_asks_before_it_does_at_another_target(trial: Trial, name: str) -> None:
    check: FunctionType = NEEDS[name][0]

    result = trial.elsewhere().run(check)

    assert result.startswith("NOT-EXERCISED: it would ")
    assert result.endswith(" Allow it with --writes, or `writes = true` in [tool.qa.safety].")


def test_with_consent_a_check_writes_at_another_target(trial: Trial) -> None:
    assert trial.elsewhere(writes=True).run(table_replicates("OrdersTable")) == "PASSED"


def test_what_is_late_without_a_stated_objective_is_unknown_at_another_target(trial: Trial) -> None:
    elsewhere = trial.elsewhere(writes=True)

    with faults.stopped_replication(trial, THERE, HERE):
        with pytest.raises(LateError) as late:
            elsewhere.run(table_replicates("OrdersTable"), patience=0.5)
        with pytest.raises(AssertionError, match=r"within 0\.5 s"):
            elsewhere.run(table_replicates("OrdersTable", rpo=0.5))

    assert str(late.value).startswith(f"LATE: OrdersTable (orders) in {HERE}: found no item ")
