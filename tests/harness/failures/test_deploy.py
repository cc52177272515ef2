"""What the embedded AWS answers when somebody deploys each failure to the primary region."""

from __future__ import annotations

import json
import re
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from qa.embedded.settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY

from .conftest import CIRCULAR, TEMPLATES

CANCELLED = "Resource creation cancelled"
CIRCULAR_DESIGN = (
    "Circular dependency between resources: [PrimaryKMSKeyAlias, LambdaErrorAlarmPrimary, PrimaryKMSKey, "
    "PrimaryReplicationRole, LambdaThrottleAlarmPrimary, PrimaryTransactionProcessor, "
    "PrimaryDocumentsBucketPolicy, PrimaryLambdaExecutionRole, PrimaryDocumentsBucket]"
)
UNSUPPORTED = "Encountered unsupported property Replicas"
HANDLER = 'Resource handler returned message: "{}" (RequestToken: …, HandlerErrorCode: {})'
DEPRECATED = HANDLER.format(
    "The runtime parameter of nodejs18.x is no longer supported for creating or updating AWS Lambda "
    "functions. We recommend you use a supported runtime while creating or updating functions.",
    "InvalidRequest",
)
KEY_FOR_ALL_REGIONS = (
    "Properties validation failed for resource TransactionsTable with message:\n"
    "#/SSESpecification: extraneous key [KMSMasterKeyId] is not permitted"
)
BEFORE_WEST_EXISTS = [{"ParameterKey": "ReplicateDocuments", "ParameterValue": "false"}]


@pytest.mark.parametrize(
    ("name", "parameters", "line"),
    [
        ("original.json", [], CIRCULAR),
        ("1-circular-dependency.json", BEFORE_WEST_EXISTS, CIRCULAR_DESIGN),
    ],
    ids=["original", "alone"],
)
@pytest.mark.parametrize("operation", ["CreateStack", "CreateChangeSet"])
def test_a_circular_template_is_refused_with_cloudformations_line(
    endpoint: str, operation: str, name: str, parameters: list[dict[str, str]], line: str
) -> None:
    with pytest.raises(ClientError) as refused:
        _request_stack(endpoint, operation, name, parameters)

    assert refused.value.response["Error"] == {"Type": "Sender", "Code": "ValidationError", "Message": line}


@pytest.mark.parametrize(
    ("name", "logical_id", "reason"),
    [
        ("2-plain-table-with-replicas.json", "TransactionsTable", UNSUPPORTED),
        ("4-deprecated-runtime.json", "PrimaryTransactionProcessor", DEPRECATED),
        ("6-key-named-for-global-table.json", "TransactionsTable", KEY_FOR_ALL_REGIONS),
    ],
    ids=["plain table", "deprecated runtime", "key for the global table"],
)
def test_the_stack_rolls_back_and_names_the_resource(
    endpoint: str, name: str, logical_id: str, reason: str
) -> None:
    status, failed = _created(endpoint, name)

    assert (status, failed) == ("ROLLBACK_COMPLETE", {logical_id: reason})


@pytest.mark.parametrize("name", ["3-reserved-concurrency.json", "5-key-without-dynamodb.json"])
def test_nothing_is_said_of_a_failure_that_shows_only_in_use(endpoint: str, name: str) -> None:
    assert _created(endpoint, name) == ("CREATE_COMPLETE", {})


def test_every_failure_is_deployed_by_a_test_of_this_file() -> None:
    assert set(TEMPLATES) == {
        "1-circular-dependency.json",
        "2-plain-table-with-replicas.json",
        "3-reserved-concurrency.json",
        "4-deprecated-runtime.json",
        "5-key-without-dynamodb.json",
        "6-key-named-for-global-table.json",
        "original.json",
    }


def _created(endpoint: str, name: str) -> tuple[str, dict[str, str]]:
    """Return the stack's status, and the reason by the logical ID of what failed by itself."""
    _request_stack(endpoint, "CreateStack", name, BEFORE_WEST_EXISTS)
    cloudformation = _cloudformation(endpoint)
    events = cloudformation.describe_stack_events(StackName="demo")["StackEvents"]
    failed = {
        one["LogicalResourceId"]: re.sub(
            r"RequestToken: [^,]*", "RequestToken: …", one["ResourceStatusReason"]
        )
        for one in events
        if one["ResourceStatus"] == "CREATE_FAILED" and one["ResourceStatusReason"] != CANCELLED
    }
    return cloudformation.describe_stacks(StackName="demo")["Stacks"][0]["StackStatus"], failed


def _request_stack(endpoint: str, operation: str, name: str, parameters: list[dict[str, str]]) -> None:
    """Ask for a stack of a template, minified as the deploy engine sends it."""
    body = json.dumps(json.loads(TEMPLATES[name].read_text(encoding="utf-8")), separators=(",", ":"))
    request: dict[str, Any] = {
        "StackName": "demo",
        "TemplateBody": body,
        "Parameters": parameters,
        "Capabilities": ["CAPABILITY_IAM"],
    }
    cloudformation = _cloudformation(endpoint)
    if operation == "CreateStack":
        cloudformation.create_stack(**request)
    else:
        cloudformation.create_change_set(**request, ChangeSetName="first", ChangeSetType="CREATE")


def _cloudformation(endpoint: str) -> Any:
    return boto3.client(
        "cloudformation",
        region_name="us-east-1",
        endpoint_url=endpoint,
        aws_access_key_id=ADMIN_ACCESS_KEY_ID,
        aws_secret_access_key=ADMIN_SECRET_ACCESS_KEY,
        config=Config(retries={"total_max_attempts": 1, "mode": "standard"}),
    )
