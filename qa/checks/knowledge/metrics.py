"""The metrics of the services: which dimension sets each is published under.

CloudWatch does not roll dimensions up: an alarm on a set that is not published has no data, for ever.
"""

from __future__ import annotations

_LAMBDA_BY = ("FunctionName", "FunctionName Resource", "FunctionName Resource ExecutedVersion")
_BUCKET_REQUESTS = ("BucketName FilterId",)
_REPLICATION = ("SourceBucket DestinationBucket RuleId",)


def _sets(names: str, *dimension_sets: str) -> dict[str, frozenset[frozenset[str]]]:
    found = frozenset(frozenset(one.split()) for one in dimension_sets)
    return dict.fromkeys(names.split(), found)


_SMS_AND_PUSH = (
    "Application",
    "Application Platform",
    "Platform",
    "PhoneNumber",
    "SMSType",
    "SMSType Country",
)


METRICS: dict[str, dict[str, frozenset[frozenset[str]]]] = {
    "AWS/DynamoDB": {
        **_sets("UserErrors", ""),
        **_sets(
            "AccountMaxReads AccountMaxTableLevelReads AccountMaxTableLevelWrites AccountMaxWrites "
            "AccountProvisionedReadCapacityUtilization AccountProvisionedWriteCapacityUtilization",
            "",
        ),
        **_sets("MaxProvisionedTableReadCapacityUtilization MaxProvisionedTableWriteCapacityUtilization", ""),
        **_sets(
            "ConsumedReadCapacityUnits ConsumedWriteCapacityUnits ProvisionedReadCapacityUnits "
            "ProvisionedWriteCapacityUnits ReadThrottleEvents WriteThrottleEvents "
            "ReadAccountLimitThrottleEvents ReadKeyRangeThroughputThrottleEvents "
            "ReadMaxOnDemandThroughputThrottleEvents ReadProvisionedThroughputThrottleEvents "
            "WriteAccountLimitThrottleEvents WriteKeyRangeThroughputThrottleEvents "
            "WriteMaxOnDemandThroughputThrottleEvents WriteProvisionedThroughputThrottleEvents "
            "OnDemandMaxReadRequestUnits OnDemandMaxWriteRequestUnits",
            "TableName",
            "TableName GlobalSecondaryIndexName",
        ),
        **_sets("OnlineIndexConsumedWriteCapacity", "TableName GlobalSecondaryIndexName"),
        **_sets(
            "OnlineIndexPercentageProgress OnlineIndexThrottleEvents", "TableName GlobalSecondaryIndexName"
        ),
        **_sets("ConditionalCheckFailedRequests TimeToLiveDeletedItemCount TransactionConflict", "TableName"),
        **_sets("ReturnedItemCount SystemErrors", "TableName Operation"),
        **_sets("SuccessfulRequestLatency", "TableName Operation", "TableName Operation StreamLabel"),
        **_sets("ThrottledRequests", "TableName Operation", "TableName GlobalSecondaryIndexName Operation"),
        **_sets(
            "ReturnedBytes ReturnedRecordsCount", "TableName Operation", "TableName StreamLabel Operation"
        ),
        **_sets("ReplicationLatency PendingReplicationCount", "TableName ReceivingRegion"),
        **_sets("AgeOfOldestUnreplicatedRecord ThrottledPutRecordCount", "TableName DelegatedOperation"),
        **_sets("ConsumedChangeDataCaptureUnits", "TableName DelegatedOperation"),
        **_sets("FailedToReplicateRecordCount", "TableName DelegatedOperation"),
        **_sets("FaultInjectionServiceInducedErrors", "TableName Operation"),
    },
    "AWS/Lambda": {
        **_sets("Errors Invocations Throttles Duration ConcurrentExecutions", "", *_LAMBDA_BY),
        **_sets("DeadLetterErrors DestinationDeliveryFailures", "", *_LAMBDA_BY),
        **_sets(
            "AsyncEventsReceived AsyncEventAge AsyncEventsDropped RecursiveInvocationsDropped",
            "",
            *_LAMBDA_BY,
        ),
        **_sets("PostRuntimeExtensionsDuration", "", *_LAMBDA_BY),
        **_sets(
            "OversizedRecordCount IteratorAge OffsetLag", *_LAMBDA_BY, "FunctionName EventSourceMappingUUID"
        ),
        **_sets(
            "PolledEventCount FilteredOutEventCount InvokedEventCount FailedInvokeEventCount "
            "DroppedEventCount OnFailureDestinationDeliveredEventCount DeletedEventCount "
            "ProvisionedPollers"
        ),
        **_sets("UnreservedConcurrentExecutions ClaimedAccountConcurrency", ""),
        **_sets(
            "ProvisionedConcurrencyInvocations ProvisionedConcurrencySpilloverInvocations "
            "ProvisionedConcurrencyUtilization ProvisionedConcurrentExecutions",
            "",
            *_LAMBDA_BY,
        ),
    },
    "AWS/S3": {
        **_sets("BucketSizeBytes NumberOfObjects", "BucketName StorageType"),
        **_sets(
            "AllRequests GetRequests PutRequests DeleteRequests HeadRequests PostRequests SelectRequests "
            "ListRequests BytesDownloaded BytesUploaded 4xxErrors 5xxErrors FirstByteLatency "
            "TotalRequestLatency SelectBytesScanned SelectBytesReturned",
            *_BUCKET_REQUESTS,
        ),
        **_sets(
            "ReplicationLatency BytesPendingReplication OperationsPendingReplication "
            "OperationsFailedReplication",
            *_REPLICATION,
        ),
    },
    "AWS/SNS": {
        **_sets(
            "NumberOfMessagesPublished NumberOfNotificationsDelivered NumberOfNotificationsFailed "
            "NumberOfNotificationsFilteredOut NumberOfNotificationsFilteredOut-InvalidAttributes "
            "NumberOfNotificationsFilteredOut-NoMessageAttributes "
            "NumberOfNotificationsFilteredOut-MessageBody "
            "NumberOfNotificationsFilteredOut-InvalidMessageBody "
            "NumberOfNotificationsRedrivenToDlq NumberOfNotificationsFailedToRedriveToDlq PublishSize",
            "TopicName",
            *_SMS_AND_PUSH,
        ),
        **_sets("SMSMonthToDateSpentUSD SMSSuccessRate"),
    },
    "AWS/SQS": _sets(
        "ApproximateAgeOfOldestMessage ApproximateNumberOfGroupsWithInflightMessages "
        "ApproximateNumberOfMessagesDelayed ApproximateNumberOfMessagesNotVisible "
        "ApproximateNumberOfMessagesVisible NumberOfEmptyReceives NumberOfDeduplicatedSentMessages "
        "NumberOfMessagesDeleted NumberOfMessagesReceived NumberOfMessagesSent SentMessageSize",
        "QueueName",
    ),
}
"""Namespace → metric → dimension sets; none: not judged, as is a namespace that is not here."""


def dimension_sets(namespace: str, metric: str) -> frozenset[frozenset[str]] | None:
    """Return the sets a metric is published under; None when namespace or metric is not known."""
    return METRICS.get(namespace, {}).get(metric) or None
