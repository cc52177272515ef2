"""Physical names and exports that AWS refuses, now or in the next environment."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from qa.checks.finding import Severity
from qa.checks.knowledge.naming import (
    ALARM,
    BUCKET,
    FUNCTION,
    GLOBAL_TABLE,
    LOG_GROUP,
    NAME_PROPERTIES,
    QUEUE,
    ROLE,
    TABLE,
    TOPIC,
    resources_of_type,
)
from qa.checks.knowledge.places import values_at
from qa.checks.parameter_values import capitals, longest, with_values
from qa.checks.rule import Fault, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context
    from qa.checks.regional import RegionalStack
    from qa.template import Path

_REFERENCE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
_NAMES = f"{_REFERENCE}aws-properties-name.html"
_EXPORTS = f"{_REFERENCE}outputs-section-structure.html"
_ROLE_NAME = f"{_REFERENCE}aws-resource-iam-role.html#cfn-iam-role-rolename"
_WORD = "letters, digits, - and _"
_RULES: dict[str, tuple[str, int, int, str]] = {
    ALARM: (r"[^\x00-\x1f]+", 1, 255, "characters"),
    BUCKET: (
        r"(?!xn--|\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]*[a-z0-9]",
        3,
        63,
        "lower case letters, digits, inner dots and hyphens",
    ),
    FUNCTION: (r"[A-Za-z0-9_-]+", 1, 64, _WORD),
    TABLE: (r"[A-Za-z0-9_.-]+", 3, 255, "letters, digits, -, _ and ."),
    GLOBAL_TABLE: (r"[A-Za-z0-9_.-]+", 3, 255, "letters, digits, -, _ and ."),
    LOG_GROUP: (r"[A-Za-z0-9_./#-]+", 1, 512, "letters, digits, -, _, ., / and #"),
    QUEUE: (r"[A-Za-z0-9_-]+(\.fifo)?", 1, 80, f"{_WORD}, .fifo at the end of a FIFO queue"),
    ROLE: (r"[A-Za-z0-9_+=,.@-]+", 1, 64, "letters, digits and _+=,.@-"),
    TOPIC: (r"[A-Za-z0-9_-]+(\.fifo)?", 1, 256, f"{_WORD}, .fifo at the end of a FIFO topic"),
    "AWS::KMS::Alias": (
        r"alias/(?!aws/)[A-Za-z0-9/_-]+",
        7,
        256,
        "letters, digits, -, _ and /, beginning with alias/ and not with alias/aws/",
    ),
}
"""Type → pattern, least and most characters, the pattern in words; NAME_PROPERTIES has the property."""
_GLOBAL = {
    BUCKET: "BucketName",
    ROLE: "RoleName",
    "AWS::Budgets::Budget": "Budget/BudgetName",
    "AWS::CloudFront::CachePolicy": "CachePolicyConfig/Name",
    "AWS::CloudFront::Distribution": "DistributionConfig/Aliases/*",
    "AWS::CloudFront::Function": "Name",
    "AWS::CloudFront::KeyGroup": "KeyGroupConfig/Name",
    "AWS::CloudFront::KeyValueStore": "Name",
    "AWS::CloudFront::OriginAccessControl": "OriginAccessControlConfig/Name",
    "AWS::CloudFront::OriginRequestPolicy": "OriginRequestPolicyConfig/Name",
    "AWS::CloudFront::ResponseHeadersPolicy": "ResponseHeadersPolicyConfig/Name",
    "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::OIDCProvider": "Url",
    "AWS::IAM::SAMLProvider": "Name",
    "AWS::IAM::ServerCertificate": "ServerCertificateName",
    "AWS::IAM::User": "UserName",
    "AWS::S3::MultiRegionAccessPoint": "Name",
}
"""Types of which one account, or everybody, has one of a name → where the name stands."""
_MADE = frozenset(
    {"BucketName", "GroupName", "InstanceProfileName", "ManagedPolicyName", "RoleName", "UserName"}
)
"""Names that CloudFormation makes where none is written."""
_PER_STACK = ("AWS::StackName", "AWS::StackId", "{{resolve:")
"""What may make another name of each stack."""


@rule("physical-name", severity=Severity.ERROR, source=_NAMES)
def physical_name(context: Context) -> Iterator[Fault]:
    """A name that its service refuses, as it is or at the longest that a parameter allows.

    Judged after Fn::Sub, with the parameters as given or by default: an error, but a warning where the
    whole name is a default. Then with each free text parameter (one that no condition or rule looks at) at
    its MaxLength, or at the longest that its AllowedPattern takes: a warning, since the next environment's
    suffix may be that long. So is a name that a suffix of capitals spoils, where the AllowedPattern takes
    them: buckets have none.
    """
    for stack in () if context.is_rewritten else context.stacks:
        seen: set[tuple[str, str]] = set()
        for words, severity, found in _by_values(stack, context):
            for (logical_id, key), (name, reason) in found.items():
                if (logical_id, key) in seen:
                    continue
                seen.add((logical_id, key))
                yield Fault(
                    path=stack.path_of(logical_id, key),
                    region=stack.region,
                    severity=Severity.WARNING if _is_default(stack, logical_id, key) else severity,
                    message=f"{key} is refused{words}: {reason}",
                    actual=name,
                    expected=_expected(context.template.resources[logical_id].type),
                    fix="shorten or correct it, or bound the parameter with MaxLength and AllowedPattern",
                )


def _is_default(stack: RegionalStack, logical_id: str, key: str) -> bool:
    """Say whether a property is nothing but a parameter's default, instead of which another may be given."""
    written = stack.template.resources[logical_id].properties.get(key)
    name = written.get("Ref") if isinstance(written, dict) else None
    return name in stack.template.parameters and name not in stack.given


def _by_values(
    stack: RegionalStack, context: Context
) -> Iterator[tuple[str, Severity, dict[tuple[str, str], tuple[str, str]]]]:
    """Yield (words, severity, what is refused): as it is, then with other values of the parameters."""
    yield "", Severity.ERROR, dict(_refused(stack))
    for choose, words in (
        (longest, " at the longest that the parameters allow"),
        (capitals, " with the capitals that the parameters allow"),
    ):
        other = with_values(context.template, stack, NAME_PROPERTIES, choose=choose)
        yield words, Severity.WARNING, dict(_refused(other)) if other else {}


def _refused(stack: RegionalStack) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Yield (logical ID, property), (name, why it is refused) of names that are known."""
    for resource in stack.of_type(*_RULES):
        key = NAME_PROPERTIES[resource.type]
        name, (pattern, least, most, _) = resource.properties.get(key), _RULES[resource.type]
        if not isinstance(name, str) or name.startswith("arn:") or "{{resolve:" in name:
            continue
        if not least <= len(name) <= most:
            yield (resource.logical_id, key), (name, f"it has {len(name)} characters")
        elif re.fullmatch(pattern, name) is None:
            yield (resource.logical_id, key), (name, "it is not made as such names are")


def _expected(kind: str) -> str:
    _, least, most, words = _RULES[kind]
    return f"{least} to {most} {words}"


@rule("global-name", severity=Severity.ERROR, source=_ROLE_NAME)
def global_name(context: Context) -> Iterator[Fault]:
    """A fixed name that is the same in two regions, where it can be had only once.

    IAM, CloudFront, budgets and dashboards are one for all regions, and bucket names are one for everybody:
    the stack of the second region
    fails, "already exists". AWS warns of an unrecoverable error for roles. Leave the name out, or put
    AWS::Region into it. A warning where the whole name is a parameter's default: each region may be given
    another. Names made from AWS::StackName and dynamic references are not judged.
    """
    taken: dict[tuple[str, str], str] = {}
    for stack, resource in resources_of_type(context, *_GLOBAL):
        for steps, name in values_at(resource.properties, _GLOBAL[resource.type]):
            path = stack.path_of(resource.logical_id, *steps)
            if not isinstance(name, str) or any(one in _written(context, path) for one in _PER_STACK):
                continue
            other = taken.setdefault((resource.type, name), stack.region)
            if other == stack.region or resource.logical_id in stack.undecided:
                continue
            key = next(str(step) for step in reversed(steps) if isinstance(step, str))
            is_default = _is_default(stack, resource.logical_id, key)
            yield Fault(
                path=path,
                region=stack.region,
                severity=Severity.WARNING if is_default else None,
                message=f"The stack of {other} has this name already, and it can be had only once",
                actual=name,
                expected=f"no {key}, or one with AWS::Region in it",
                fix=f"remove {key}: CloudFormation then makes a name"
                if key in _MADE
                else "put AWS::Region into it, or make it in one region's stack only",
            )


def _written(context: Context, path: Path) -> str:
    """Return what stands at a path, as JSON."""
    value: object = context.template.body
    for step in path:
        value = value[step] if isinstance(value, dict | list) else None  # type: ignore[index]
    return json.dumps(value)


@rule("duplicate-export", severity=Severity.ERROR, source=_EXPORTS)
def duplicate_export(context: Context) -> Iterator[Fault]:
    """Two outputs of one stack that export the same name.

    "Export names must be unique within a region": the stack fails. Outputs whose conditions keep them
    apart are left alone.
    """
    for stack in () if context.is_rewritten else context.stacks:
        taken: dict[str, str] = {}
        for name, output in context.template.outputs.items():
            export = output.get("Export")
            if not isinstance(export, dict) or stack.takes(("Outputs", name, "Value")) is not True:
                continue
            first = taken.setdefault(json.dumps(export.get("Name"), sort_keys=True), name)
            if first != name:
                yield Fault(
                    path=("Outputs", name, "Export", "Name"),
                    region=stack.region,
                    message=f"The output {first} exports this name already",
                    actual=export.get("Name"),
                    expected="a name of its own for each export",
                    fix="rename one of the two exports",
                )
