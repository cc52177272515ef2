"""Mutations for checks 61-69: topics and alarms."""

from __future__ import annotations

from .change import Change, Mutation, drop, either_side, put

OPEN = {"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": "*"}
REAL = "test_table_alarms_watch_metrics_that_dynamodb_publishes"
NUMBERS = "test_alarms_ring_at_the_numbers_of_the_design"
KINDS = {
    "LambdaErrorAlarm": "LessThanThreshold",
    "LambdaThrottleAlarm": "GreaterThanThreshold",
    "DynamoDBThrottleAlarm": "GreaterThanThreshold",
    "ReplicationLatencyAlarm": "LessThanThreshold",
}


def _alarm(kind: str, side: str) -> str:
    return f"Resources/{kind}Alarm{side}/Properties"


def _open_topic(own: str, _: str) -> Change:
    policy = {
        "Type": "AWS::SNS::TopicPolicy",
        "Condition": f"Is{own}",
        "Properties": {"Topics": [{"Ref": f"{own}SNSTopic"}], "PolicyDocument": {"Statement": [OPEN]}},
    }
    return put(f"Resources/{own}SNSTopicPolicy", policy)


def _compared(kind: str, operator: str) -> tuple[Mutation, Mutation]:
    return either_side(
        NUMBERS,
        f"{kind}: {operator}",
        lambda own, _: put(f"Resources/{kind}{own}/Properties/ComparisonOperator", operator),
    )


WATCH: tuple[Mutation, ...] = (
    *either_side(
        "test_each_region_has_one_topic_named_for_it",
        "no suffix",
        lambda own, _: put(f"Resources/{own}SNSTopic/Properties/TopicName", f"dr-alerts-{own.lower()}"),
    ),
    *either_side(
        "test_each_region_has_one_topic_named_for_it",
        "a second topic",
        lambda own, _: put("Resources/Spare", {"Type": "AWS::SNS::Topic", "Condition": f"Is{own}"}),
    ),
    *either_side("test_no_topic_is_open_to_other_accounts", "open to everybody", _open_topic),
    *either_side(
        "test_no_topic_is_encrypted_with_the_aws_managed_key",
        "alias/aws/sns",
        lambda own, _: put(f"Resources/{own}SNSTopic/Properties/KmsMasterKeyId", "alias/aws/sns"),
    ),
    *either_side(
        "test_an_alarm_watches_the_errors_of_each_processor",
        "another function",
        lambda own, _: put(f"{_alarm('LambdaError', own)}/Dimensions/0/Value", "transaction-processor"),
    ),
    *either_side(
        "test_an_alarm_watches_the_throttles_of_each_processor",
        "Invocations",
        lambda own, _: put(f"{_alarm('LambdaThrottle', own)}/MetricName", "Invocations"),
    ),
    *either_side(
        REAL,
        "UserErrors by TableName",
        lambda own, _: put(
            f"{_alarm('DynamoDBThrottle', own)}/Metrics/0/MetricStat/Metric/MetricName", "UserErrors"
        ),
    ),
    *either_side(
        REAL,
        "its own region as the receiver",
        lambda own, _: put(
            f"{_alarm('ReplicationLatency', own)}/Dimensions/1/Value", {"Ref": f"{own}Region"}
        ),
    ),
    *(mutation for kind, operator in KINDS.items() for mutation in _compared(kind, operator)),
    *either_side(
        NUMBERS,
        "only reads counted",
        lambda own, _: put(f"{_alarm('DynamoDBThrottle', own)}/Metrics/2/Expression", "reads"),
    ),
    *either_side(
        "test_a_processor_without_traffic_is_no_alarm",
        "errors: breaching",
        lambda own, _: put(f"{_alarm('LambdaError', own)}/TreatMissingData", "breaching"),
    ),
    *either_side(
        "test_a_processor_without_traffic_is_no_alarm",
        "throttles: left out",
        lambda own, _: drop(f"{_alarm('LambdaThrottle', own)}/TreatMissingData"),
    ),
    *either_side(
        "test_every_alarm_speaks_to_the_topic_of_its_own_region",
        "no action",
        lambda own, _: drop(f"{_alarm('DynamoDBThrottle', own)}/AlarmActions"),
    ),
    *either_side(
        "test_every_alarm_speaks_to_the_topic_of_its_own_region",
        "actions switched off",
        lambda own, _: put(f"{_alarm('ReplicationLatency', own)}/ActionsEnabled", value=False),
    ),
)
