"""Checks 70-71: what the two stacks hand over to whoever works with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.template import references

from .findings import Finding, place, require
from .stack import ABSENT, EAST, WEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.template import Template

    from .stack import Stack

SIDED = {
    "{}StackName": "stack",
    "{}DocumentsBucketName": "${{{}DocumentsBucket}}",
    "{}LambdaFunctionArn": "${{{}TransactionProcessor.Arn}}",
    "{}LambdaFunctionName": "${{{}TransactionProcessor}}",
    "{}LambdaRoleArn": "${{{}LambdaExecutionRole.Arn}}",
    "{}LambdaLogGroupName": "${{{}TransactionProcessorLogGroup}}",
    "{}KMSKeyId": "${{{}KMSKey}}",
    "{}KMSKeyArn": "${{{}KMSKey.Arn}}",
    "{}KMSKeyAlias": "${{{}KMSKeyAlias}}",
    "{}SNSTopicArn": "${{{}SNSTopic}}",
    "{}ReplicationRoleArn": "${{{}ReplicationRole.Arn}}",
    "LambdaErrorAlarm{}Name": "${{LambdaErrorAlarm{}}}",
    "LambdaThrottleAlarm{}Name": "${{LambdaThrottleAlarm{}}}",
    "DynamoDBThrottleAlarm{}Name": "${{DynamoDBThrottleAlarm{}}}",
    "ReplicationLatencyAlarm{}Name": "${{ReplicationLatencyAlarm{}}}",
}
TABLE = {"TransactionsTableName": "${TransactionsTable}", "TransactionsTableArn": "${TransactionsTable.Arn}"}


def test_each_stack_tells_every_output_that_is_promised(stacks: tuple[Stack, Stack]) -> None:
    def findings(stack: Stack) -> Iterator[Finding]:
        shared = {"PrimaryRegion": EAST, "SecondaryRegion": WEST, "EnvironmentSuffix": stack.suffix}
        sided = {key.format(stack.side): value.format(stack.side) for key, value in SIDED.items()}
        expected: dict[str, object] = {**shared, **sided, **(TABLE if stack.region == EAST else {})}
        expected[f"{stack.side}StackId"] = _stack_id(stack)
        for key, value in expected.items():
            found = stack.outputs.get(key, ABSENT)
            if found != value:
                what, do = (
                    f"output {key} ({stack.region})",
                    "the live checks read this key from the outputs file",
                )
                yield _finding(stack.template, key, what, found, value, do)

    require(found for stack in stacks for found in findings(stack))


def test_the_outputs_of_both_stacks_merge_into_one_file(
    template: Template, stacks: tuple[Stack, Stack]
) -> None:
    def findings() -> Iterator[Finding]:
        for reference in references(template):
            resource = template.resources.get(reference.target)
            if reference.section != "Outputs" or resource is None:
                continue
            found = template.outputs[reference.source].get("Condition", ABSENT)
            if found != resource.condition:
                what = f"output {reference.source}: the condition of {reference.target}"
                do = "give the output the condition of its resource"
                yield _finding(template, reference.source, what, found, resource.condition, do)
        east, west = (stack.outputs for stack in stacks)
        for key in sorted(set(east) & set(west)):
            if east[key] != west[key] or "${" in str(east[key]):
                what, do = (
                    f"output {key}: the same in both regions",
                    "one key can hold one value: name it by region",
                )
                yield _finding(template, key, what, {EAST: east[key], WEST: west[key]}, "one value", do)
        for key in sorted(name for name, output in template.outputs.items() if "Export" in output):
            do = "remove it: an import works within one region only"
            yield _finding(template, key, f"output {key}", "Export", "no Export", do)

    require(findings())


def _stack_id(stack: Stack) -> object:
    """Return what {Ref AWS::StackId} comes to; it names the stack's region."""
    found = stack.outputs.get(f"{stack.side}StackId", ABSENT)
    return found if f":cloudformation:{stack.region}:" in str(found) else "the stack's ID"


def _finding(template: Template, key: str, what: str, actual: object, expected: object, do: str) -> Finding:
    return Finding(
        what=what, actual=actual, expected=expected, where=place(template, ("Outputs", key)), do=do
    )
