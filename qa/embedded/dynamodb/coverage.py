"""DynamoDB: tables that replicate, and what is not modelled of them."""

from __future__ import annotations

from qa.embedded.service.coverage import coverage, unmodelled

COVERAGE = coverage(
    "BatchGetItem BatchWriteItem CreateTable DeleteItem DeleteResourcePolicy DeleteTable "
    "DescribeContinuousBackups DescribeLimits DescribeTable DescribeTimeToLive GetItem GetResourcePolicy "
    "ListTables ListTagsOfResource PutItem PutResourcePolicy Query Scan TagResource TransactGetItems "
    "TransactWriteItems UntagResource UpdateContinuousBackups UpdateItem UpdateTable UpdateTimeToLive",
    refused={
        "backups and restores of tables": (
            "CreateBackup DeleteBackup DescribeBackup ListBackups RestoreTableFromBackup "
            "RestoreTableToPointInTime"
        ),
        "exports and imports of tables": (
            "DescribeExport DescribeImport ExportTableToPointInTime ImportTable ListExports ListImports"
        ),
        "PartiQL": "BatchExecuteStatement ExecuteStatement ExecuteTransaction",
        "global tables of version 2017.11.29": (
            "CreateGlobalTable DescribeGlobalTable DescribeGlobalTableSettings ListGlobalTables "
            "UpdateGlobalTable UpdateGlobalTableSettings"
        ),
        "Contributor Insights": (
            "DescribeContributorInsights ListContributorInsights UpdateContributorInsights"
        ),
        "streaming to Kinesis": (
            "DescribeKinesisStreamingDestination DisableKinesisStreamingDestination "
            "EnableKinesisStreamingDestination UpdateKinesisStreamingDestination"
        ),
        "auto scaling of replicas": "DescribeTableReplicaAutoScaling UpdateTableReplicaAutoScaling",
        "bulk operations": ("CancelBulkOperation DescribeBulkOperation ListBulkOperations StartBulkPutItems"),
        "vector indexes": "SearchVectors",
        "endpoints of its own: it would lead clients away from this machine": "DescribeEndpoints",
    },
    parameters={
        "CreateTable": (
            *unmodelled(
                "capacity is never warmed", "WarmThroughput", "GlobalSecondaryIndexes.WarmThroughput"
            ),
            *unmodelled("no request is throttled for it", "GlobalSecondaryIndexes.OnDemandThroughput"),
            *unmodelled("vector indexes", "VectorIndexes"),
            *unmodelled("put it with PutResourcePolicy", "ResourcePolicy"),
            *unmodelled("replicas are added by UpdateTable", "GlobalTableSourceArn"),
        ),
        "GetItem": unmodelled("use ProjectionExpression", "AttributesToGet"),
        "BatchGetItem": unmodelled("use ProjectionExpression", "RequestItems.*.AttributesToGet"),
        "DeleteItem PutItem Query Scan UpdateItem": unmodelled(
            "use expressions: of the former conditions, all have to hold", "ConditionalOperator", only="AND"
        ),
        "Query Scan": unmodelled("use ProjectionExpression", "AttributesToGet"),
        "DeleteResourcePolicy PutResourcePolicy": unmodelled(
            "revisions are not compared", "ExpectedRevisionId"
        ),
        "UpdateTable": (
            *unmodelled("capacity is never warmed", "WarmThroughput"),
            *unmodelled("vector indexes", "VectorIndexUpdates"),
            *unmodelled("settings of replicas", "DisassociationProtectionEnabled"),
        ),
    },
    notes=(
        (
            "Refused by the tables themselves: OnDemandThroughput, GlobalTableWitnessUpdates, "
            "GlobalTableSettingsReplicationMode, MultiRegionConsistency STRONG."
        ),
        "Provisioned capacity is kept and never exceeded: only a fault throttles.",
        "Expired items stay: AWS, too, deletes them within days, not at once.",
        "A table stays readable when its key is disabled; AWS makes it inaccessible after some hours.",
        "Point-in-time recovery can be switched on and read; nothing can be restored.",
    ),
)
