"""The transaction processors: ready in both regions, and each works on its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from qa.probe import lambda_, logs, s3
from qa.resilience import sealed
from qa.wait import until

from .transactions import LEAVES, Event, Transactions, content_of, document_key, transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.probe.lambda_ import Invocation
    from qa.stack.clients import Clients
    from qa.stack.outputs import Outputs
    from qa.stack.run import Run

    from .sides import Side, Sides

RETENTION_DAYS = 7


@pytest.fixture
def transactions(clients: Clients, sides: Sides, run: Run) -> Transactions:
    return Transactions(clients=clients, sides=sides, run=run)


def stored_by(transactions: Transactions, side: Side, event: Event) -> tuple[object, s3.Document | None]:
    """Send a valid event and return the item's plain fields and the document that it became."""
    answer = transactions.send(side, event)
    assert answered(answer) == 200, f"{side['LambdaFunctionName']} answered {answer}"
    return transactions.item(side, event), transactions.document(side, event)


def answered(answer: Invocation) -> object:
    """Return the status code in the payload, or the error of code that failed."""
    if answer.error is not None or not isinstance(answer.payload, dict):
        return f"{answer.error}: {answer.payload}"
    return answer.payload.get("statusCode")


@pytest.mark.qa_check("L1", "both")
def test_the_processor_of_each_region_is_ready_and_wired_to_its_own_region(
    clients: Clients,
    outputs: Outputs,
    sides: Sides,
    deadline: Callable[[str], float],
    in_each_region: Callable[[Callable[[str], None]], None],
) -> None:
    def check(region: str) -> None:
        side, client = sides.of(region), clients.lambda_(region)
        name = side["LambdaFunctionName"]
        state = until(
            lambda: lambda_.function_state(client, name),
            lambda seen: seen is None or (seen.state, seen.last_update_status) == ("Active", "Successful"),
            what=f"state of {name!r} in {region}",
            within=deadline("L1"),
        )
        assert state == lambda_.FunctionState(
            state="Active",
            last_update_status="Successful",
            runtime="nodejs22.x",
            handler="index.handler",
            timeout=60,
            memory=512,
            role_arn=side["LambdaRoleArn"],
            environment={
                "TABLE_NAME": outputs["TransactionsTableName"],
                "BUCKET_NAME": side["DocumentsBucketName"],
                "KMS_KEY_ID": side["KMSKeyArn"],
                "REGION": region,
                "ENVIRONMENT": outputs["EnvironmentSuffix"],
            },
            log_group=side["LambdaLogGroupName"],
            reserved_concurrency=None,
        ), f"{name!r} in {region}"
        kept = logs.retention_days(clients.logs(region), side["LambdaLogGroupName"])
        assert kept == RETENTION_DAYS, f"days that {side['LambdaLogGroupName']} is kept"

    in_each_region(check)


@pytest.mark.qa_check("L2", "primary")
def test_a_transaction_sent_to_east_is_stored_there_with_its_document(
    transactions: Transactions, sides: Sides
) -> None:
    event = transactions.new()

    item, document = stored_by(transactions, sides.primary, event)

    assert_stored(event, item, document, side=sides.primary)


@pytest.mark.qa_check("L3", "secondary")
def test_a_transaction_sent_to_west_is_stored_by_west_itself_with_its_document(
    transactions: Transactions, sides: Sides
) -> None:
    event = transactions.new()

    item, document = stored_by(transactions, sides.secondary, event)

    assert_stored(event, item, document, side=sides.secondary)
    assert document is not None
    assert document.replication != "REPLICA", "the document came from East: West wrote nothing itself"


def assert_stored(event: Event, item: object, document: s3.Document | None, *, side: Side) -> None:
    __tracebackhide__ = True
    assert isinstance(item, dict), f"no item of {event['transactionId']} in {side.region}"
    assert document is not None, f"no {document_key(event)} in {side['DocumentsBucketName']}"
    sealed = item["accountNumberEncrypted"]["S"]
    expected = {
        "transactionId": event["transactionId"],
        "timestamp": event["timestamp"],
        "amount": event["amount"],
        "currency": event["currency"],
        "accountNumberEncrypted": sealed,
        "processedIn": side.region,
        "environment": side.outputs["EnvironmentSuffix"],
    }
    assert plain(item) == expected
    assert content_of(document) == expected


def plain(item: dict[str, dict[str, str]]) -> dict[str, object]:
    """Return the item's attributes as JSON would have them."""
    return {
        name: json.loads(value["N"]) if "N" in value else next(iter(value.values()))
        for name, value in item.items()
    }


@pytest.mark.qa_check("L4", "primary")
def test_a_malformed_transaction_is_refused_by_field_and_leaves_nothing(
    clients: Clients, transactions: Transactions, sides: Sides
) -> None:
    side = sides.primary
    event = transactions.new(currency="euro-that-is-no-code")

    answer = transactions.send(side, event)

    body = json.dumps(answer.payload)
    assert answered(answer) == 400
    assert "currency" in body, f"the refusal names no field: {body}"
    assert [value for value in map(str, event.values()) if value in body] == [], "the refusal echoes values"
    assert transactions.item(side, event) is None
    versions = s3.version_ids(clients.s3(side.region), side["DocumentsBucketName"], document_key(event))
    assert versions == ()


test_the_protected_value_is_stored_and_logged_only_encrypted = sealed(
    "accountNumber",
    calls="PrimaryTransactionProcessor",
    event=transaction,
    leaves=LEAVES,
    stored_as="accountNumberEncrypted",
    context={"transactionId": "{event.transactionId}"},
    expect={"statusCode": 200},
    check="L5",
)
