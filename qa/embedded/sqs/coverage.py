"""SQS: queues as topics and dead letters use them."""

from __future__ import annotations

from qa.embedded.service.coverage import coverage, unmodelled
from qa.embedded.settings import ACCOUNT_ID

COVERAGE = coverage(
    "AddPermission ChangeMessageVisibility ChangeMessageVisibilityBatch CreateQueue DeleteMessage "
    "DeleteMessageBatch DeleteQueue GetQueueAttributes GetQueueUrl ListDeadLetterSourceQueues "
    "ListQueueTags ListQueues PurgeQueue ReceiveMessage RemovePermission SendMessage SendMessageBatch "
    "SetQueueAttributes TagQueue UntagQueue",
    refused={
        "moving messages back from a dead-letter queue": (
            "CancelMessageMoveTask ListMessageMoveTasks StartMessageMoveTask"
        ),
    },
    parameters={
        "GetQueueUrl": unmodelled("there is one account", "QueueOwnerAWSAccountId", only=ACCOUNT_ID),
        "CreateQueue SetQueueAttributes": unmodelled(
            "any queue may use a dead-letter queue", "Attributes.RedriveAllowPolicy"
        ),
    },
)
