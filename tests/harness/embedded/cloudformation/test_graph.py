"""Order of resources, and the order in which the service names those that have none."""

from __future__ import annotations

import pytest

from qa.embedded.cloudformation.errors import RefusedError
from qa.embedded.cloudformation.graph import hash_set_order, waves

# The failure analysis quotes this message of the real service.
QUOTED = [
    "TransactionsTable",
    "PrimaryKMSKeyAlias",
    "PrimaryLambdaExecutionRole",
    "LambdaErrorAlarmPrimary",
    "PrimaryKMSKey",
    "DynamoDBThrottleAlarmPrimary",
    "LambdaThrottleAlarmPrimary",
    "PrimaryTransactionProcessor",
    "SecondaryLambdaExecutionRole",
]
# Its template is not quoted; names that share a bucket keep the template's order.
IN_TEMPLATE = [
    "PrimaryKMSKey",
    "PrimaryKMSKeyAlias",
    "TransactionsTable",
    "PrimaryLambdaExecutionRole",
    "PrimaryTransactionProcessor",
    "SecondaryLambdaExecutionRole",
    "LambdaErrorAlarmPrimary",
    "LambdaThrottleAlarmPrimary",
    "DynamoDBThrottleAlarmPrimary",
]


def test_the_quoted_message_of_the_service_is_the_order_of_a_java_hash_set() -> None:
    assert hash_set_order(IN_TEMPLATE, of=20) == QUOTED


def test_the_order_depends_on_the_number_of_all_resources() -> None:
    assert hash_set_order(IN_TEMPLATE, of=48) != QUOTED


def test_each_wave_needs_only_earlier_ones() -> None:
    assert waves({"C": ["A", "B"], "A": [], "B": ["A"], "D": []}) == (("A", "D"), ("B",), ("C",))


def test_the_message_names_the_circle_and_what_lies_behind_it_but_not_before() -> None:
    with pytest.raises(RefusedError) as raised:
        waves({"Before": [], "A": ["B", "Before"], "B": ["A"], "Behind": ["B"]})

    assert raised.value.message == "Circular dependency between resources: [A, B, Behind]"
