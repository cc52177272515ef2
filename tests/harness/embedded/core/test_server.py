"""What stands between a client and moto: faults, the control routes, and moto's own traps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from qa.embedded.settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

    from qa.embedded.control import Control
    from qa.embedded.process import EmbeddedProcess

ONCE = Config(retries={"total_max_attempts": 1, "mode": "standard"})


def dynamodb(process: EmbeddedProcess, region: str, config: Config = ONCE) -> DynamoDBClient:
    return boto3.client(
        "dynamodb",
        region_name=region,
        endpoint_url=process.endpoint,
        aws_access_key_id=ADMIN_ACCESS_KEY_ID,
        aws_secret_access_key=ADMIN_SECRET_ACCESS_KEY,
        config=config,
    )


def s3(process: EmbeddedProcess, region: str) -> S3Client:
    return boto3.client(
        "s3",
        region_name=region,
        endpoint_url=process.endpoint,
        aws_access_key_id=ADMIN_ACCESS_KEY_ID,
        aws_secret_access_key=ADMIN_SECRET_ACCESS_KEY,
        config=ONCE,
    )


def test_a_region_that_is_down_answers_nothing_while_the_other_works(
    process: EmbeddedProcess, control: Control
) -> None:
    control.start_fault("region-lost", region="us-east-1")

    with pytest.raises(ConnectionClosedError):
        dynamodb(process, "us-east-1").list_tables()
    assert dynamodb(process, "us-west-2").list_tables()["TableNames"] == []


def test_a_bucket_of_a_region_that_is_down_is_not_reached_through_another(
    process: EmbeddedProcess, control: Control
) -> None:
    s3(process, "us-west-2").create_bucket(
        Bucket="in-west", CreateBucketConfiguration={"LocationConstraint": "us-west-2"}
    )
    control.start_fault("region-lost", region="us-west-2")

    with pytest.raises(ConnectionClosedError):
        s3(process, "us-east-1").list_objects_v2(Bucket="in-west")


def test_a_fault_that_ended_hits_no_more(process: EmbeddedProcess, control: Control) -> None:
    fault = control.start_fault("region-lost", region="us-east-1")
    control.end_fault(fault)

    assert dynamodb(process, "us-east-1").list_tables()["TableNames"] == []


def test_a_throttled_client_of_dynamodb_sees_its_code(process: EmbeddedProcess, control: Control) -> None:
    control.start_fault("throttle", service="dynamodb")

    with pytest.raises(ClientError) as raised:
        dynamodb(process, "us-east-1").list_tables()

    assert raised.value.response["Error"] == {"Code": "ThrottlingException", "Message": "Rate exceeded"}


def test_a_throttled_client_of_s3_is_told_to_slow_down(process: EmbeddedProcess, control: Control) -> None:
    control.start_fault("throttle", service="s3")

    with pytest.raises(ClientError) as raised:
        s3(process, "us-east-1").list_buckets()

    assert raised.value.response["Error"]["Code"] == "SlowDown"


def test_a_reset_hits_only_its_operation(process: EmbeddedProcess, control: Control) -> None:
    control.start_fault("reset", service="dynamodb", operation="ListTables")

    with pytest.raises(ConnectionClosedError):
        dynamodb(process, "us-east-1").list_tables()
    assert dynamodb(process, "us-east-1").describe_limits()["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_the_signature_decides_the_region_whatever_the_user_agent_says(process: EmbeddedProcess) -> None:
    client = dynamodb(process, "us-west-2", Config(user_agent_extra="region/us-east-1"))
    client.create_table(
        TableName="only-in-west",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )

    assert dynamodb(process, "us-west-2").list_tables()["TableNames"] == ["only-in-west"]
    client.delete_table(TableName="only-in-west")


def test_a_reset_forgets_what_was_made(process: EmbeddedProcess, control: Control) -> None:
    s3(process, "us-east-1").create_bucket(Bucket="forgotten")

    control.reset()

    assert s3(process, "us-east-1").list_buckets()["Buckets"] == []


@pytest.mark.parametrize("key", ["a\nb", "a\r\n", "\n", "a/\n/b"])
def test_the_key_of_an_object_may_have_line_breaks(
    process: EmbeddedProcess, control: Control, key: str
) -> None:
    client = s3(process, "us-east-1")
    client.create_bucket(Bucket="documents")

    client.put_object(Bucket="documents", Key=key, Body=b"there")

    assert client.get_object(Bucket="documents", Key=key)["Body"].read() == b"there"
    assert [each["Key"] for each in client.list_objects_v2(Bucket="documents")["Contents"]] == [key]
    client.delete_object(Bucket="documents", Key=key)
    assert "Contents" not in client.list_objects_v2(Bucket="documents")
