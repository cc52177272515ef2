"""For each right of the runner's policy, what cannot be done without it: one of the 31, or a clean-up."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from qa.probe import s3
from qa.stack.ledger import QueueEntry
from qa.stack.run import Run
from qa.stack.sweep import sweep_run
from qa.stack.target import TargetKind
from tests.harness.reds.catalogue import reds

if TYPE_CHECKING:
    from qa.stack.clients import Clients
    from tests.harness.reds.world import World

Witness = Callable[["World", "Clients"], None]


def check(check_id: str) -> Witness:
    """Return the run of one of the 31."""
    test = next(red.test for red in reds() if red.check == check_id)
    return lambda world, _: world.run(test)


def with_a_person_subscribed(world: World, admin: Clients) -> None:
    """Run A4 while somebody would be paged: whether they agreed to it stands in the topic's tags."""
    sns = admin.sns(world.east.region)
    arn = sns.subscribe(
        TopicArn=world.east["SNSTopicArn"],
        Protocol="email",
        Endpoint="somebody@example.com",
        ReturnSubscriptionArn=True,
    )["SubscriptionArn"]
    # nobody is paged by the run's own embedded AWS, so that nobody has to agree there
    target = dataclasses.replace(world.live.target, kind=TargetKind.ENDPOINT)
    elsewhere = dataclasses.replace(world, live=dataclasses.replace(world.live, target=target))
    try:
        check("A4")(elsewhere, admin)
    finally:
        sns.unsubscribe(SubscriptionArn=arn)


def left_over_queue(world: World, _: Clients) -> None:
    """Clean up as the end of a run does when a check was broken off: by the ledger, from a queue's name."""
    run = Run(run_id=world.live.run.run_id, folder=world.live.run.folder / "broken-off")
    region = world.east.region
    entry = QueueEntry(region=region, queue_name=f"{run.run_id}-left-over")
    run.ledger.will_make(entry)
    report = sweep_run(world.clients, run)
    assert report.failed == (), report.failed


def missing_document(world: World, _: Clients) -> None:
    """Ask for a document that is not there: without the right to list, S3 says forbidden, not missing."""
    bucket = world.east["DocumentsBucketName"]
    key = f"qa/{world.live.run.run_id}/never-put.json"
    assert s3.document(world.clients.s3(world.east.region), bucket, key) is None


WITNESSES: Mapping[tuple[str, str], Witness] = {
    ("Stacks", "cloudformation:DescribeStacks"): check("D2"),
    ("Stacks", "cloudformation:GetTemplate"): check("D2"),
    ("Stacks", "cloudformation:ListStackResources"): check("D3"),
    ("Table", "dynamodb:DescribeContinuousBackups"): check("T1"),
    ("Table", "dynamodb:DescribeTable"): check("K5"),
    ("OwnItems", "dynamodb:DeleteItem"): check("T2"),
    ("OwnItems", "dynamodb:GetItem"): check("T2"),
    ("OwnItems", "dynamodb:PutItem"): check("T3"),
    ("OwnItems", "dynamodb:UpdateItem"): check("T4"),
    ("Processors", "lambda:GetFunctionConcurrency"): check("L1"),
    ("Processors", "lambda:GetFunctionConfiguration"): check("L1"),
    ("Processors", "lambda:InvokeFunction"): check("L2"),
    ("LogGroups", "logs:DescribeLogGroups"): check("L1"),
    ("Keys", "kms:DescribeKey"): check("K1"),
    ("Keys", "kms:GetKeyPolicy"): check("X2"),
    ("Keys", "kms:GetKeyRotationStatus"): check("K1"),
    ("OwnTexts", "kms:Decrypt"): check("K2"),
    ("OwnTexts", "kms:Encrypt"): check("K2"),
    ("OwnNumbers", "kms:Decrypt"): check("L5"),
    ("ThroughS3", "kms:Decrypt"): check("L2"),
    ("ThroughS3", "kms:GenerateDataKey"): check("X1"),
    ("Buckets", "s3:GetBucketPolicy"): check("X1"),
    ("Buckets", "s3:GetBucketPolicyStatus"): check("X1"),
    ("Buckets", "s3:GetBucketPublicAccessBlock"): check("X1"),
    ("Buckets", "s3:GetBucketVersioning"): check("S1"),
    ("Buckets", "s3:GetEncryptionConfiguration"): check("S1"),
    ("Buckets", "s3:GetReplicationConfiguration"): check("S1"),
    ("Buckets", "s3:ListBucket"): missing_document,
    ("OwnVersions", "s3:ListBucketVersions"): check("L4"),
    ("OwnDocuments", "s3:DeleteObjectVersion"): check("S4"),
    ("OwnDocuments", "s3:GetObject"): check("L2"),
    ("OwnDocuments", "s3:GetObjectVersion"): check("S2"),
    ("NewDocuments", "s3:PutObject"): check("X1"),
    ("AlarmsToRead", "cloudwatch:DescribeAlarmHistory"): check("A3"),
    ("AlarmsToRead", "cloudwatch:DescribeAlarms"): check("A1"),
    ("AlarmsToDrill", "cloudwatch:PutAlarmMuteRule"): check("A3"),
    ("AlarmsToDrill", "cloudwatch:SetAlarmState"): check("A4"),
    ("OwnMuteRules", "cloudwatch:DeleteAlarmMuteRule"): check("A3"),
    ("OwnMuteRules", "cloudwatch:GetAlarmMuteRule"): check("A3"),
    ("OwnMuteRules", "cloudwatch:PutAlarmMuteRule"): check("A3"),
    ("Topics", "sns:ListSubscriptionsByTopic"): check("A4"),
    ("Topics", "sns:ListTagsForResource"): with_a_person_subscribed,
    ("Topics", "sns:Unsubscribe"): check("A4"),
    ("OwnSubscriptions", "sns:Subscribe"): check("A4"),
    ("OwnQueues", "sqs:CreateQueue"): check("A4"),
    ("OwnQueues", "sqs:DeleteMessage"): check("A4"),
    ("OwnQueues", "sqs:DeleteQueue"): check("A4"),
    ("OwnQueues", "sqs:GetQueueAttributes"): check("A4"),
    ("OwnQueues", "sqs:GetQueueUrl"): left_over_queue,
    ("OwnQueues", "sqs:ReceiveMessage"): check("A4"),
    ("OwnQueues", "sqs:SetQueueAttributes"): check("A4"),
    ("Roles", "iam:SimulatePrincipalPolicy"): check("X2"),
}
