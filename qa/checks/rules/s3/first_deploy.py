"""Stacks that need one another's buckets before either can be made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.checks.finding import Severity
from qa.checks.knowledge.destinations import destination
from qa.checks.knowledge.naming import BUCKET, get_nested, mappings, plain, resources_of_type
from qa.checks.rule import Fault, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.knowledge.naming import Meant
    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource, Path

_GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html#replication-requirements"
_RULES = ("ReplicationConfiguration", "Rules")


@rule("replication-first-deploy", severity=Severity.WARNING, source=_GUIDE)
def replication_first_deploy(context: Context) -> Iterator[Fault]:
    """Two stacks whose buckets replicate into each other from the first deployment on.

    S3 asks for the destination when replication is configured: neither stack can be the first, whatever
    the order. Switch replication by a parameter and a condition: make both buckets without, then update.
    A warning, since stacks that exist already can be updated. What a parameter switches is left alone.
    """
    needs = list(_needs(context))
    for stack, bucket, path, target in needs:
        back = any(other is target.stack and to.stack is stack for other, _, _, to in needs)
        if back:
            yield Fault(
                path=path,
                region=stack.region,
                message=f"{target.resource.logical_id} of {target.stack.region} must be made first, and that "
                "stack needs a bucket of this one",
                actual=plain(get_nested(bucket.properties, *_RULES, 0, "Destination", "Bucket")),
                expected="ReplicationConfiguration on a condition that a parameter switches",
                fix="make both stacks with replication off, then switch it on by the parameter",
            )


def _needs(context: Context) -> Iterator[tuple[RegionalStack, EvaluatedResource, Path, Meant]]:
    """Yield the buckets that need one of another stack at once, the place that says so, and that bucket."""
    for stack, bucket in resources_of_type(context, BUCKET):
        for index, replication in mappings(get_nested(bucket.properties, *_RULES)):
            path = stack.path_of(bucket.logical_id, *_RULES, index, "Destination", "Bucket")
            target = destination(replication, stack, context)
            is_off = replication.get("Status") == "Disabled" or bucket.logical_id in stack.undecided
            if target and target.stack is not stack and not is_off and not _is_switched(path, context):
                yield stack, bucket, path, target
                break


def _is_switched(path: Path, context: Context) -> bool:
    """Say whether a condition on a parameter decides that something is there."""
    condition = context.template.resources[str(path[1])].condition
    names = [condition] if condition else []
    value: Any = context.template.body
    for step in path:
        if step == "Fn::If":
            names.append(str(value[step][0]))
        value = value[step]
    return any(_hangs_on_parameter(name, context, frozenset()) for name in names)


def _hangs_on_parameter(name: str, context: Context, seen: frozenset[str]) -> bool:
    """Say whether a parameter decides a condition; compared with AWS::Region it only names a region."""
    template = context.template
    targets = {one.target for one in context.references if (one.section, one.source) == ("Conditions", name)}
    if not targets.isdisjoint(template.parameters) and "AWS::Region" not in targets:
        return True
    others = targets & set(template.conditions) - seen
    return any(_hangs_on_parameter(other, context, seen | {name}) for other in others)
