"""What a server still has of a stack or of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_kms import KMSClient

    from qa.stack import Clients

REGIONS = ("us-east-1", "us-west-2")
DELETED = ("PendingDeletion", "PendingReplicaDeletion")


def left_on(clients: Clients) -> tuple[str, ...]:
    """Return what is there, of each kind that a run makes. A server is one run's own, so all is that run's.

    A key that waits for its deletion is gone, as far as a run can bring it.
    """
    return (
        *_everywhere(clients),
        *(name for region in REGIONS for kinds in (_at_work, _around) for name in kinds(clients, region)),
    )


def _everywhere(clients: Clients) -> Iterator[str]:
    for bucket in clients.s3(REGIONS[0]).list_buckets()["Buckets"]:
        yield f"bucket {bucket['Name']}"
    for page in clients.iam(REGIONS[0]).get_paginator("list_roles").paginate():
        for role in page["Roles"]:
            yield f"role {role['RoleName']}"


def _at_work(clients: Clients, region: str) -> Iterator[str]:
    for stack in clients.cloudformation(region).describe_stacks()["Stacks"]:
        yield f"{region} stack {stack['StackName']}"
    for name in clients.dynamodb(region).list_tables()["TableNames"]:
        yield f"{region} table {name}"
    for function in clients.lambda_(region).list_functions()["Functions"]:
        yield f"{region} function {function['FunctionName']}"


def _around(clients: Clients, region: str) -> Iterator[str]:
    for topic in clients.sns(region).list_topics()["Topics"]:
        yield f"{region} topic {topic['TopicArn']}"
    for url in clients.sqs(region).list_queues().get("QueueUrls", []):
        yield f"{region} queue {url}"
    for alarm in clients.cloudwatch(region).describe_alarms()["MetricAlarms"]:
        yield f"{region} alarm {alarm['AlarmName']}"
    yield from _keys(clients.kms(region), region)
    for page in clients.logs(region).get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            yield f"{region} log group {group['logGroupName']}"


def _keys(kms: KMSClient, region: str) -> Iterator[str]:
    for page in kms.get_paginator("list_keys").paginate():
        for key in page["Keys"]:
            found = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
            if found["KeyManager"] == "CUSTOMER" and found["KeyState"] not in DELETED:
                yield f"{region} key {found['KeyId']}"
