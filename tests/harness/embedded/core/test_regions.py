"""Regions that AWS has not, in requests and in ARNs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import boto3
import pytest

from qa.embedded.process import start_embedded
from qa.embedded.regions import is_region, long_name
from qa.embedded.settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY, Settings
from tests.harness.embedded.kms.refused import refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

KEY = "arn:aws:kms:no-region:123456789012:key/a"
TABLE = "arn:aws:dynamodb:no-region:123456789012:table/orders"


@pytest.fixture(scope="module")
def client() -> Iterator[Callable[..., Any]]:
    process = start_embedded(Settings())
    yield partial(
        boto3.client,
        endpoint_url=process.endpoint,
        aws_access_key_id=ADMIN_ACCESS_KEY_ID,
        aws_secret_access_key=ADMIN_SECRET_ACCESS_KEY,
    )
    process.stop()


def test_a_region_has_a_long_name_and_anything_else_is_none() -> None:
    assert (long_name("us-east-1"), is_region("us-east-1")) == ("US East (N. Virginia)", True)
    assert (long_name("no-region"), is_region("no-region")) == ("no-region", False)


@pytest.mark.parametrize(
    ("service", "operation", "code"),
    [
        ("dynamodb", "list_tables", "InvalidSignatureException"),
        ("lambda", "list_functions", "InvalidSignatureException"),
        ("sns", "list_topics", "SignatureDoesNotMatch"),
        ("cloudformation", "list_stacks", "SignatureDoesNotMatch"),
    ],
)
def test_a_request_for_no_region_is_refused_for_its_signature(
    client: Callable[..., Any], service: str, operation: str, code: str
) -> None:
    call = getattr(client(service, "no-region"), operation)

    assert refusal(call) == (code, "Credential should be scoped to a valid region, not 'no-region'.")


def test_an_arn_of_no_region_names_nothing(client: Callable[..., Any]) -> None:
    kms, dynamodb, s3 = (client(each, "us-east-1") for each in ("kms", "dynamodb", "s3"))
    s3.create_bucket(Bucket="documents")

    assert refusal(partial(kms.describe_key, KeyId=KEY)) == ("NotFoundException", "Invalid arn no-region")
    assert refusal(partial(dynamodb.describe_table, TableName=TABLE)) == (
        "ResourceNotFoundException",
        f"Requested resource not found: Table: {TABLE} not found",
    )
    put = partial(
        s3.put_object,
        Bucket="documents",
        Key="a",
        Body=b"a",
        ServerSideEncryption="aws:kms",
        SSEKMSKeyId=KEY,
    )
    assert refusal(put) == ("KMS.NotFoundException", "Invalid arn no-region")


def test_neither_a_bucket_nor_a_replica_is_in_no_region(client: Callable[..., Any]) -> None:
    s3, dynamodb = client("s3", "us-east-1"), client("dynamodb", "us-east-1")
    dynamodb.create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    replicas = [{"Create": {"RegionName": "no-region"}}]

    create = partial(
        s3.create_bucket, Bucket="far", CreateBucketConfiguration={"LocationConstraint": "no-region"}
    )
    assert refusal(create) == (
        "InvalidLocationConstraint",
        "The specified location-constraint is not valid",
    )
    assert refusal(partial(dynamodb.update_table, TableName="orders", ReplicaUpdates=replicas)) == (
        "ValidationException",
        "The region 'no-region' of a replica is invalid.",
    )
