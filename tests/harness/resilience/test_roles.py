"""The checks of rights and of protected values: green on the stack as deployed, red by one fault each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.resilience import ItemLeft, May, ObjectsLeft, role_can, sealed

from . import faults
from .stack import ORDER
from .trial import HERE, THERE

if TYPE_CHECKING:
    from .trial import Trial

WORK = (
    May("dynamodb:PutItem", "OrdersTable"),
    May("s3:PutObject", "Documents", "/orders/1.json"),
    May("kms:Encrypt", "DataKey"),
)
LEAVES = (ItemLeft("OrdersTable", {"id": "{qa}"}), ObjectsLeft("Documents", "orders/{qa}"))
CARD = sealed(
    "card",
    calls="ApiFunction",
    event=ORDER,
    leaves=LEAVES,
    stored_as="card",
    context={"order": "{qa}"},
    expect={"statusCode": 200},
)


@pytest.mark.parametrize("name", ["ApiRole", "ApiFunction"])
def test_a_role_with_the_rights_of_its_work_passes(trial: Trial, name: str) -> None:
    result = trial.run(role_can(name, WORK, may_not=[May("dynamodb:DeleteTable", "OrdersTable")]))

    assert result == "PASSED"


def test_a_role_that_may_do_everything_is_red_by_the_other_regions_things(trial: Trial) -> None:
    with faults.allowed(trial, "ApiRole", "*"), pytest.raises(AssertionError) as red:
        trial.run(role_can("ApiRole", WORK))

    assert "found nothing missing, and " in str(red.value)
    assert f"dynamodb:PutItem on arn:aws:dynamodb:{HERE}:123456789012:table/orders" in str(red.value)
    assert "iam:PassRole on *" in str(red.value)


def test_a_role_that_lacks_a_right_is_red(trial: Trial) -> None:
    with faults.denied(trial, "ApiRole", "kms:Encrypt"), pytest.raises(AssertionError) as red:
        trial.run(role_can("ApiFunction", WORK))

    assert f"found kms:Encrypt on arn:aws:kms:{THERE}:123456789012:key/" in str(red.value)
    assert " missing, and nothing too many" in str(red.value)


def test_a_value_that_is_only_stored_encrypted_passes_and_leaves_nothing(trial: Trial) -> None:
    assert (trial.run(CARD), trial.left()) == ("PASSED", ())


def test_a_value_in_the_log_is_red(trial: Trial) -> None:
    logging = faults.changed_code(trial, "const sealed", "console.log(event); const sealed")
    with logging, pytest.raises(AssertionError) as red:
        trial.run(CARD)

    function = f"ApiFunction (orders-api-{THERE}) in {THERE}"
    assert str(red.value) == (
        f"{function}: found the value of 'card' in clear in the log of {function}, expected only its "
        "ciphertext. Encrypt it before it is stored, and keep it out of the log."
    )
    assert trial.left() == ()
