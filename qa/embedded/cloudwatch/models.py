"""The CloudFormation type AWS::CloudWatch::Alarm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from moto.cloudwatch.exceptions import ValidationError
from moto.cloudwatch.models import (
    Dimension,
    Metric,
    MetricDataQuery,
    MetricStat,
    cloudwatch_backends,
)
from moto.core.common_models import CloudFormationModel
from moto.core.exceptions import ServiceException

if TYPE_CHECKING:
    from collections.abc import Mapping

REQUIRED = ("ComparisonOperator", "EvaluationPeriods")


class CloudWatchAlarm(CloudFormationModel):
    """AWS::CloudWatch::Alarm: Ref is the name. An update in place keeps the state."""

    supported_properties: ClassVar[frozenset[str]] = frozenset(
        {
            "ActionsEnabled",
            "AlarmActions",
            "AlarmDescription",
            "AlarmName",
            "ComparisonOperator",
            "DatapointsToAlarm",
            "Dimensions",
            "EvaluationPeriods",
            "InsufficientDataActions",
            "MetricName",
            "Metrics",
            "Namespace",
            "OKActions",
            "Period",
            "Statistic",
            "Tags",
            "Threshold",
            "TreatMissingData",
            "Unit",
        }
    )

    def __init__(self, name: str, arn: str) -> None:
        self.name = name
        self.arn = arn

    @staticmethod
    def cloudformation_name_type() -> str:
        """Return the property that names the resource."""
        return "AlarmName"

    @staticmethod
    def cloudformation_type() -> str:
        """Return the resource type."""
        return "AWS::CloudWatch::Alarm"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        """Say whether Fn::GetAtt knows the attribute."""
        return attr == "Arn"

    def get_cfn_attribute(self, attribute_name: str) -> str:  # noqa: ARG002 - there is one
        """Return the ARN."""
        return self.arn

    @property
    def physical_resource_id(self) -> str:
        """Return what Ref gives."""
        return self.name

    def is_created(self) -> bool:
        """Say that creation is over; it is when the constructor returns."""
        return True

    @classmethod
    def create_from_cloudformation_json(  # moto's signature
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> CloudWatchAlarm:
        """Put an alarm that is not there yet."""
        if resource_name in cloudwatch_backends[account_id][region_name].alarms:
            raise ServiceException("AlreadyExists", f"{resource_name} already exists")
        return cls._put(resource_name, cloudformation_json["Properties"], account_id, region_name)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: CloudWatchAlarm,
        new_resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> CloudWatchAlarm:
        """Put the alarm again, or replace it where its name changes."""
        properties = cloudformation_json["Properties"]
        if properties.get("AlarmName") in (None, original_resource.name):
            return cls._put(original_resource.name, properties, account_id, region_name)
        replacement = cls.create_from_cloudformation_json(
            new_resource_name, cloudformation_json, account_id, region_name
        )
        cloudwatch_backends[account_id][region_name].delete_alarms([original_resource.name])
        return replacement

    @classmethod
    def delete_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],  # noqa: ARG003 - moto's signature
        account_id: str,
        region_name: str,
    ) -> None:
        """Delete the alarm; one that is gone already is deleted."""
        cloudwatch_backends[account_id][region_name].delete_alarms([resource_name])

    @classmethod
    def _put(cls, name: str, properties: Mapping[str, Any], account_id: str, region: str) -> CloudWatchAlarm:
        for required in REQUIRED:
            if required not in properties:
                raise ValidationError(f"The parameter {required} is required.")
        backend = cloudwatch_backends[account_id][region]
        alarm = backend.put_metric_alarm(name=name, **_arguments(properties))
        return cls(name, alarm.alarm_arn)


def _arguments(properties: Mapping[str, Any]) -> dict[str, Any]:
    threshold = properties.get("Threshold")
    queries = [_query(query) for query in properties.get("Metrics", ())]
    return {
        "namespace": properties.get("Namespace"),
        "metric_name": properties.get("MetricName"),
        "metric_data_queries": queries or None,
        "comparison_operator": properties["ComparisonOperator"],
        "evaluation_periods": int(properties["EvaluationPeriods"]),
        "datapoints_to_alarm": _whole(properties.get("DatapointsToAlarm")),
        "period": _whole(properties.get("Period")),
        "threshold": None if threshold is None else float(threshold),
        "statistic": properties.get("Statistic"),
        "description": properties.get("AlarmDescription"),
        "dimensions": list(properties.get("Dimensions", ())),
        "alarm_actions": list(properties.get("AlarmActions", ())),
        "ok_actions": list(properties.get("OKActions", ())),
        "insufficient_data_actions": list(properties.get("InsufficientDataActions", ())),
        "unit": properties.get("Unit"),
        "actions_enabled": str(properties.get("ActionsEnabled", True)).lower() == "true",
        "treat_missing_data": properties.get("TreatMissingData"),
        "tags": list(properties.get("Tags", ())),
    }


def _query(query: Mapping[str, Any]) -> MetricDataQuery:
    stat = query.get("MetricStat")
    return MetricDataQuery(
        query_id=query["Id"],
        label=query.get("Label"),  # type: ignore[arg-type]  # moto's types are narrower than what it keeps
        period=query.get("Period"),  # type: ignore[arg-type]  # as above
        return_data=query.get("ReturnData", True),
        expression=query.get("Expression"),
        metric_stat=None if stat is None else _metric_stat(stat),
    )


def _metric_stat(stat: Mapping[str, Any]) -> MetricStat:
    metric = stat["Metric"]
    return MetricStat(
        metric=Metric(
            metric_name=metric["MetricName"],
            namespace=metric["Namespace"],
            dimensions=[Dimension(each["Name"], each["Value"]) for each in metric.get("Dimensions", ())],
        ),
        period=stat["Period"],
        stat=stat["Stat"],
        unit=stat.get("Unit"),  # type: ignore[arg-type]  # as above
    )


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
