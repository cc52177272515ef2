"""CloudWatch Logs: groups, streams and events, as functions write and evidence reads them."""

from __future__ import annotations

import re

from qa.embedded.service.coverage import Parameter, coverage, unmodelled

TERMS = re.compile(r'"[^"]*"|[A-Za-z]\w*(?: \w+)*')

DAYS = "1 3 5 7 14 30 60 90 120 150 180 365 400 545 731 1096 1827 2192 2557 2922 3288 3653"

COVERAGE = coverage(
    "AssociateKmsKey CreateLogGroup CreateLogStream DeleteLogGroup DeleteLogStream DeleteRetentionPolicy "
    "DescribeLogGroups DescribeLogStreams DisassociateKmsKey FilterLogEvents GetLogEvents "
    "ListTagsForResource PutLogEvents PutRetentionPolicy TagResource UntagResource",
    refused={
        "metric filters: no event becomes a metric": (
            "DeleteMetricFilter DescribeMetricFilters PutMetricFilter TestMetricFilter"
        ),
        "subscription filters and destinations": (
            "DeleteDestination DeleteSubscriptionFilter DescribeDestinations DescribeSubscriptionFilters "
            "PutDestination PutDestinationPolicy PutSubscriptionFilter"
        ),
        "deliveries": (
            "CreateDelivery DeleteDelivery DeleteDeliveryDestination DeleteDeliveryDestinationPolicy "
            "DeleteDeliverySource DescribeConfigurationTemplates DescribeDeliveries "
            "DescribeDeliveryDestinations DescribeDeliverySources GetDelivery GetDeliveryDestination "
            "GetDeliveryDestinationPolicy GetDeliverySource PutDeliveryDestination "
            "PutDeliveryDestinationPolicy PutDeliverySource UpdateDeliveryConfiguration"
        ),
        "Logs Insights": (
            "CancelImportTask CreateImportTask CreateLookupTable CreateScheduledQuery DeleteIndexPolicy "
            "DeleteLookupTable DeleteQueryDefinition DeleteScheduledQuery DescribeFieldIndexes "
            "DescribeImportTaskBatches DescribeImportTasks DescribeIndexPolicies DescribeLookupTables "
            "DescribeQueries DescribeQueryDefinitions GetLogFields GetLogGroupFields GetLogObject "
            "GetLogRecord GetLookupTable GetQueryResults GetScheduledQuery GetScheduledQueryHistory "
            "ListLogGroupsForQuery ListScheduledQueries PutIndexPolicy PutQueryDefinition StartLiveTail "
            "StartQuery StopQuery UpdateLookupTable UpdateScheduledQuery"
        ),
        "exports, integrations and other sources": (
            "AssociateSourceToS3TableIntegration CancelExportTask CreateExportTask DeleteIntegration "
            "DeleteSyslogConfiguration DescribeExportTasks DisassociateSourceFromS3TableIntegration "
            "GetIntegration GetStorageTierPolicy ListIntegrations ListSourcesForS3TableIntegration "
            "ListSyslogConfigurations PutBearerTokenAuthentication PutIntegration PutStorageTierPolicy "
            "PutSyslogConfiguration"
        ),
        "anomaly detection": (
            "CreateLogAnomalyDetector DeleteLogAnomalyDetector GetLogAnomalyDetector ListAnomalies "
            "ListLogAnomalyDetectors UpdateAnomaly UpdateLogAnomalyDetector"
        ),
        "policies of account, data and groups": (
            "DeleteAccountPolicy DeleteDataProtectionPolicy DeleteResourcePolicy DescribeAccountPolicies "
            "DescribeResourcePolicies GetDataProtectionPolicy PutAccountPolicy PutDataProtectionPolicy "
            "PutLogGroupDeletionProtection PutResourcePolicy"
        ),
        "transformers": "DeleteTransformer GetTransformer PutTransformer TestTransformer",
        "lists across accounts": "ListAggregateLogGroupSummaries ListLogGroups",
        "the former tags of groups; use those of resources": "ListTagsLogGroup TagLogGroup UntagLogGroup",
    },
    parameters={
        "AssociateKmsKey DisassociateKmsKey": unmodelled("Logs Insights", "resourceIdentifier"),
        "CreateLogGroup": (
            *unmodelled("groups are of the standard class", "logGroupClass", only="STANDARD"),
            *unmodelled("groups can always be deleted", "deletionProtectionEnabled"),
        ),
        "FilterLogEvents": (
            Parameter(
                path="filterPattern", why="one quoted term or plain words are understood", pattern=TERMS
            ),
            *unmodelled("log data is never masked", "unmask"),
            *unmodelled("groups go by their names", "logGroupIdentifier"),
            *unmodelled("streams go by their names", "logStreamNamePrefix"),
        ),
        "GetLogEvents": unmodelled("log data is never masked", "unmask")
        + unmodelled("groups go by their names", "logGroupIdentifier"),
        "PutRetentionPolicy": unmodelled("AWS takes no other number of days", "retentionInDays", only=DAYS),
        "DescribeLogGroups": unmodelled(
            "there is one account, and one class of groups",
            "accountIdentifiers",
            "includeLinkedAccounts",
            "logGroupClass",
            "logGroupIdentifiers",
        )
        + unmodelled("groups are found by a prefix", "logGroupNamePattern"),
    },
    notes=(
        "A group's key is used when the group gets it, not when events are written or read.",
        "Events stay when their retention is over; AWS, too, may take days.",
    ),
)
