"""The ready checks that the resources of templates call for, as lines of a test file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .reading import Source


def test_file(source: Source, *, stack: str | None) -> str:
    """Return a test file for one template; `stack` names its stack where there are several."""
    suffix = f', stack="{stack}"' if stack else ""
    lines = list(_lines(source, suffix))
    names = sorted({line.partition(" = ")[2].partition("(")[0] for line in lines})
    return "\n".join(
        [
            f'"""Ready checks of {source.path}: each holds for every region that has the thing.',
            "",
            "A function needs an event; with one these say whether it survives the loss of a region:",
            '    function_answers("Function", event={...}, expect={"statusCode": 200})',
            '    survives_loss("REGION", calls="Function", event={...})',
            '"""',
            "",
            f"from qa.resilience import {', '.join(names)}",
            "",
            *lines,
            "",
        ]
    )


def _lines(source: Source, suffix: str) -> Iterator[str]:
    of_stack = f'"{source.name}"' if suffix else ""
    yield f"test_{_snake(source.name)}_is_as_deployed = as_deployed({of_stack})"
    resources = source.template.resources
    types = {resource.type for resource in resources.values()}
    for logical_id, resource in resources.items():
        for check, verb, applies in _BY_TYPE.get(resource.type, ()):
            if applies(resource.properties) and _NEEDS.get(check, resource.type) in types:
                yield f'test_{_snake(logical_id)}_{verb} = {check}("{logical_id}"{suffix})'
    if "AWS::CloudWatch::Alarm" in types:
        yield f"test_{_snake(source.name)}_alarms_are_armed = alarms_armed({suffix.removeprefix(', ')})"


def _replicas(properties: Mapping[str, Any]) -> bool:
    replicas = properties.get("Replicas")
    return not isinstance(replicas, list) or len(replicas) > 1


def _has(name: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda properties: bool(properties.get(name))


def _always(properties: Mapping[str, Any]) -> bool:
    del properties
    return True


_BY_TYPE: Mapping[str, tuple[tuple[str, str, Callable[[Mapping[str, Any]], bool]], ...]] = {
    "AWS::DynamoDB::GlobalTable": (
        ("table_replicates", "replicates", _replicas),
        ("restorable", "can_be_restored", _always),
    ),
    "AWS::KMS::Key": (("decrypts_everywhere", "decrypts_everywhere", _has("MultiRegion")),),
    "AWS::S3::Bucket": (("objects_replicate", "replicates", _has("ReplicationConfiguration")),),
}
_NEEDS = {"decrypts_everywhere": "AWS::KMS::ReplicaKey"}
"""Checks that only make sense where the template has the other end too."""


def _snake(name: str) -> str:
    """Return a name as Python writes functions: OrdersTable → orders_table, DLQAlarm → dlq_alarm."""
    parts: list[str] = []
    for index, char in enumerate(name):
        before, after = name[index - 1 : index], name[index + 1 : index + 2]
        starts = char.isupper() and index and (before.islower() or before.isdigit() or after.islower())
        parts.append(
            f"_{char.lower()}" if starts and before.isalnum() else char.lower() if char.isalnum() else "_"
        )
    return "".join(parts).strip("_")
