"""CloudWatch: metrics, and metric alarms that are evaluated, act and can be muted."""

from __future__ import annotations

from qa.embedded.service.coverage import coverage, unmodelled

COVERAGE = coverage(
    "DeleteAlarmMuteRule DeleteAlarms DescribeAlarmHistory DescribeAlarms DisableAlarmActions "
    "EnableAlarmActions GetAlarmMuteRule GetMetricData GetMetricStatistics ListAlarmMuteRules ListMetrics "
    "ListTagsForResource PutAlarmMuteRule PutMetricAlarm PutMetricData SetAlarmState TagResource "
    "UntagResource",
    refused={
        "composite alarms": "PutCompositeAlarm",
        "alarms on logs": "PutLogAlarm",
        "alarms sought by metric, and their contributors": (
            "DescribeAlarmContributors DescribeAlarmsForMetric"
        ),
        "anomaly detectors": "DeleteAnomalyDetector DescribeAnomalyDetectors PutAnomalyDetector",
        "dashboards and pictures": (
            "DeleteDashboards GetDashboard GetMetricWidgetImage ListDashboards PutDashboard"
        ),
        "Contributor Insights rules": (
            "DeleteInsightRules DescribeInsightRules DisableInsightRules EnableInsightRules "
            "GetInsightRuleReport ListManagedInsightRules PutInsightRule PutManagedInsightRules"
        ),
        "metric streams": (
            "DeleteMetricStream GetMetricStream ListMetricStreams PutMetricStream StartMetricStreams "
            "StopMetricStreams"
        ),
        "stored queries, data sets and settings of metrics": (
            "AssociateDatasetKmsKey CreateResourceMetricsConfiguration DeleteMetricDataQueryDefinition "
            "DeleteResourceMetricsConfiguration DisassociateDatasetKmsKey GetDataset "
            "GetMetricDataQueryDefinition GetResourceMetricsConfiguration ListMetricDataQueryDefinitions "
            "PutMetricDataQueryDefinition UpdateResourceMetricsConfiguration"
        ),
        "OpenTelemetry": ("GetOTelEnrichment StartOTelEnrichment StopOTelEnrichment UpdateOTelEnrichment"),
    },
    parameters={
        "PutMetricAlarm": (
            *unmodelled("anomaly detectors", "ThresholdMetricId"),
            *unmodelled("metrics of other accounts", "Metrics.AccountId"),
            *unmodelled(
                "alarms are evaluated once a period",
                "EvaluationWindow",
                "WarmUpConfiguration",
                "EvaluationCriteria",
                "EvaluationInterval",
            ),
            *unmodelled("actions are topics, without settings", "ActionConfiguration"),
        ),
        "PutMetricData": unmodelled("entities", "EntityMetricData", "StrictEntityValidation"),
        "GetMetricStatistics": unmodelled("percentiles", "ExtendedStatistics"),
        "GetMetricData": unmodelled("all points come at once, in UTC", "MaxDatapoints", "LabelOptions"),
        "ListMetrics": unmodelled(
            "metrics are listed whatever their age, of one account",
            "RecentlyActive",
            "IncludeLinkedAccounts",
            "OwningAccount",
        ),
        "DescribeAlarms": unmodelled("composite alarms", "ChildrenOfAlarmName", "ParentsOfAlarmName"),
    },
    notes=(
        (
            "Alarms themselves refuse extended statistics, thresholds from a metric, metric math beyond "
            "+ - * / and actions other than topics."
        ),
    ),
)
