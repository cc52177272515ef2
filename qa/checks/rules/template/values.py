"""Values of the wrong sort: a name where an ARN is expected, an export that is in the other region."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from qa.checks.finding import Severity
from qa.checks.knowledge.naming import (
    ALARM,
    BUCKET,
    FUNCTION,
    GLOBAL_TABLE,
    KEY,
    LOG_GROUP,
    QUEUE,
    REPLICA_KEY,
    ROLE,
    TABLE,
    get_nested,
    listed,
    mappings,
    plain,
    resources_of_type,
)
from qa.checks.rule import Fault, rule
from qa.template import Concatenation, ResourceRef

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.regional import RegionalStack
    from qa.template import EvaluatedResource, Path

_REF = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-ref.html"
_IMPORT = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "intrinsic-function-reference-importvalue.html"
)
_REF_GIVES = {
    BUCKET: "name",
    FUNCTION: "name",
    GLOBAL_TABLE: "name",
    KEY: "ID",
    LOG_GROUP: "name",
    QUEUE: "URL",
    REPLICA_KEY: "ID",
    ROLE: "name",
    TABLE: "name",
}
"""Types with an attribute Arn whose Ref is something else."""
_TAKES_ARN: dict[str, tuple[Path, ...]] = {
    FUNCTION: (("Role",), ("DeadLetterConfig", "TargetArn")),
    BUCKET: (("ReplicationConfiguration", "Role"),),
    "AWS::Lambda::EventSourceMapping": (("EventSourceArn",),),
    "AWS::Lambda::Permission": (("SourceArn",),),
    "AWS::Logs::SubscriptionFilter": (("DestinationArn",), ("RoleArn",)),
    "AWS::Scheduler::Schedule": (("Target", "Arn"), ("Target", "RoleArn")),
    "AWS::StepFunctions::StateMachine": (("RoleArn",),),
}
"""Type → properties that take an ARN and nothing else."""
_IDENTITY_POLICIES = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")
_LOOKED_AT = (*_TAKES_ARN, *_IDENTITY_POLICIES, ROLE, ALARM, "AWS::SNS::Subscription", "AWS::Events::Rule")


@rule("name-for-arn", severity=Severity.ERROR, source=_REF)
def name_for_arn(context: Context) -> Iterator[Fault]:
    """A Ref that gives a name where an ARN is taken.

    Ref of a table (a global one as well), bucket, function, role, key, log group or queue is its name, ID
    or URL. The service refuses it, IAM with "must be in ARN format or *". Use Fn::GetAtt … Arn. Looked at
    are the resources of roles' policies, and properties that take nothing but an ARN.
    """
    for stack, resource in resources_of_type(context, *_LOOKED_AT):
        for path, value in _arns_taken(resource):
            gives = _gives(value, stack)
            if gives:
                logical_id, word = gives
                yield Fault(
                    path=stack.path_of(resource.logical_id, *path),
                    region=stack.region,
                    message=f"Ref of {logical_id} gives its {word}; an ARN is taken here",
                    actual=plain(value),
                    expected=f"${{{logical_id}.Arn}}",
                    fix=f'write {{"Fn::GetAtt": ["{logical_id}", "Arn"]}}',
                )


def _arns_taken(resource: EvaluatedResource) -> Iterator[tuple[Path, Any]]:
    """Yield where a resource takes ARNs, and what it is given."""
    properties = resource.properties
    for path in _TAKES_ARN.get(resource.type, ()):
        yield path, get_nested(properties, *path)
    if resource.type == BUCKET:
        for index, _ in mappings(get_nested(properties, "ReplicationConfiguration", "Rules")):
            path = ("ReplicationConfiguration", "Rules", index, "Destination", "Bucket")
            yield path, get_nested(properties, *path)
    yield from _targets(resource)
    yield from _policy_resources(properties)


def _targets(resource: EvaluatedResource) -> Iterator[tuple[Path, Any]]:
    """Yield what an alarm, a subscription or a rule of events sends to."""
    properties = resource.properties
    if resource.type == ALARM:
        for index, action in enumerate(listed(properties.get("AlarmActions"))):
            yield ("AlarmActions", index), action
    if resource.type == "AWS::SNS::Subscription" and properties.get("Protocol") in ("sqs", "lambda"):
        yield ("Endpoint",), properties.get("Endpoint")
    if resource.type == "AWS::Events::Rule":
        for index, target in mappings(properties.get("Targets")):
            yield ("Targets", index, "Arn"), target.get("Arn")
            yield ("Targets", index, "RoleArn"), target.get("RoleArn")


def _policy_resources(properties: dict[str, Any]) -> Iterator[tuple[Path, Any]]:
    """Yield the resources of the statements of an identity policy, or of the policies of a role."""
    documents: list[tuple[Path, Any]] = [(("PolicyDocument",), properties.get("PolicyDocument"))]
    for index, policy in mappings(properties.get("Policies")):
        documents.append((("Policies", index, "PolicyDocument"), policy.get("PolicyDocument")))
    for path, document in documents:
        written = get_nested(document, "Statement")
        is_list = isinstance(written, list)
        for index, statement in mappings(written):
            place = (*path, "Statement", *((index,) if is_list else ()), "Resource")
            value = statement.get("Resource")
            for number, one in enumerate(listed(value)):
                yield (*place, *((number,) if isinstance(value, list) else ())), one


def _gives(value: object, stack: RegionalStack) -> tuple[str, str] | None:
    """Return a resource and what its Ref gives, when a value is or begins with such a Ref."""
    first = value.parts[0] if isinstance(value, Concatenation) else value
    if not isinstance(first, ResourceRef) or first.logical_id not in stack.resources:
        return None
    word = _REF_GIVES.get(stack.resources[first.logical_id].type)
    return (first.logical_id, word) if word else None


@rule("output-sort", severity=Severity.WARNING, source=_REF)
def output_sort(context: Context) -> Iterator[Fault]:
    """An output called …Arn that gives a name.

    Ref of a table, bucket, function, role, key, log group or queue is its name, ID or URL. Who reads the
    output, in a test or in another stack, is misled.
    """
    for name, output in () if context.is_rewritten else context.template.outputs.items():
        value = output.get("Value")
        target = value.get("Ref") if isinstance(value, dict) and len(value) == 1 else None
        word = _REF_GIVES.get(context.type_of(str(target)) or "")
        if name.endswith(("Arn", "ARN")) and word:
            yield Fault(
                path=("Outputs", name, "Value"),
                message=f"The output is called {name} and gives the {word} of {target}",
                actual=value,
                expected="an ARN",
                fix=f'write {{"Fn::GetAtt": ["{target}", "Arn"]}}, or call the output by what it gives',
            )


@rule("import-from-other-region", severity=Severity.WARNING, source=_IMPORT)
def import_from_other_region(context: Context) -> Iterator[Fault]:
    """Fn::ImportValue of what the same template exports, in another region or in the same stack.

    Exports are of one region: the stack of the other does not find them, "No export named … found". Nor
    does a stack find its own. Hand the value over as a parameter, or build the name with Fn::Sub. A
    warning, since another stack may export the same name.
    """
    exports = _exports(context) if "ImportValue" in context.template.text else {}
    for path, written in _imports(context) if exports else ():
        exported = exports.get(json.dumps(written, sort_keys=True))
        for stack in context.stacks if exported else ():
            homes = [one.region for one in context.stacks if one.takes(("Outputs", str(exported), "Value"))]
            if homes and stack.takes(path) is True:
                yield Fault(
                    path=path,
                    region=stack.region,
                    message=f"The output {exported} exports this in {' and '.join(homes)}; "
                    f"the stack of {stack.region} cannot import it",
                    actual=written,
                    expected="an export of another stack in the same region",
                    fix="hand the value over as a parameter",
                )


def _exports(context: Context) -> dict[str, str]:
    """Return the outputs by the names they export, as written."""
    return {
        json.dumps(get_nested(output, "Export", "Name"), sort_keys=True): name
        for name, output in context.template.outputs.items()
        if get_nested(output, "Export", "Name") is not None
    }


def _imports(context: Context) -> Iterator[tuple[Path, Any]]:
    """Yield each Fn::ImportValue of the resources and its name as written; without recursion."""
    open_ends: list[tuple[Path, Any]] = [
        (("Resources", name, "Properties"), one.properties)
        for name, one in context.template.resources.items()
    ]
    while open_ends:
        path, value = open_ends.pop()
        if isinstance(value, dict):
            if len(value) == 1 and "Fn::ImportValue" in value:
                yield (*path, "Fn::ImportValue"), value["Fn::ImportValue"]
            open_ends.extend(((*path, key), member) for key, member in value.items())
        elif isinstance(value, list):
            open_ends.extend(((*path, index), member) for index, member in enumerate(value))
