"""A queue that listens for a while."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import ask, ask_to_remove

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A queue by its two names."""

    url: str
    arn: str


def create_listening_queue(sqs: SQSClient, name: str, *, topic_arn: str) -> Queue:
    """Create a queue into which that topic, and nobody else, may send."""
    url = ask(f"CreateQueue {name!r}", lambda: sqs.create_queue(QueueName=name))["QueueUrl"]
    response = ask(
        f"GetQueueAttributes of {name!r}",
        lambda: sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"]),
    )
    arn = response["Attributes"]["QueueArn"]
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "sns.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": arn,
                "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
            }
        ],
    }
    ask(
        f"SetQueueAttributes of {name!r}",
        lambda: sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)}),
    )
    return Queue(url=url, arn=arn)


def receive(sqs: SQSClient, queue_url: str, *, wait: int) -> tuple[str, ...]:
    """Return the bodies of at most ten messages, waiting up to `wait` whole seconds for the first.

    What was received is deleted from the queue.
    """
    response = ask(
        f"ReceiveMessage from {queue_url}",
        lambda: sqs.receive_message(QueueUrl=queue_url, WaitTimeSeconds=wait, MaxNumberOfMessages=10),
    )
    messages = response.get("Messages", [])
    for message in messages:
        receipt = message["ReceiptHandle"]
        ask(
            f"DeleteMessage from {queue_url}",
            lambda receipt=receipt: sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=receipt),  # type: ignore[misc]  # bound per turn
        )
    return tuple(message["Body"] for message in messages)


def delete_queue(sqs: SQSClient, queue_url: str) -> None:
    """Delete a queue; its name is free again after 60 s."""
    ask_to_remove(
        f"DeleteQueue {queue_url}",
        lambda: sqs.delete_queue(QueueUrl=queue_url),
        gone={"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"},
    )
