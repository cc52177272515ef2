"""AWS::CloudWatch::Alarm."""

from __future__ import annotations

from dataclasses import replace

from qa.embedded.service.resource_types import (
    NAME,
    ResourceType,
    Setting,
    made,
    request,
    tag_list,
    tagging,
    text,
)

ARN = "arn:aws:cloudwatch:{region}:{account}:alarm:{name}"
PUT = request(
    "PutMetricAlarm",
    "ActionsEnabled AlarmActions AlarmDescription ComparisonOperator DatapointsToAlarm Dimensions "
    "EvaluationPeriods InsufficientDataActions MetricName Metrics Namespace OKActions Period Statistic "
    "Threshold TreatMissingData Unit",
    AlarmName=NAME,
)

ALARM = ResourceType(
    name="AWS::CloudWatch::Alarm",
    service="cloudwatch",
    named_by="AlarmName",
    limit=255,
    exists=request("DescribeAlarms", AlarmNames=[NAME]),
    found=made(lambda alarm: any(alarm.response.values())),
    taken="{id} already exists",
    create=replace(PUT, parameters={**PUT.parameters, "Tags": tag_list()}),
    settings=(
        Setting(put=PUT, at_creation=False),  # which keeps the state
        tagging(
            request("TagResource", ResourceARN=text(ARN), Tags=tag_list()),
            request("UntagResource", ResourceARN=text(ARN)),
            keys="TagKeys",
        ),
    ),
    delete=(request("DeleteAlarms", AlarmNames=[NAME]),),
    attributes={"Arn": text(ARN)},
    reads={ARN: "cloudwatch:DescribeAlarms cloudwatch:ListTagsForResource"},
)

RESOURCE_TYPES = (ALARM,)
