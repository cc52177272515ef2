"""The stack of one region as plain values: what the template comes to there."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from qa.template import Unknown, evaluate

from .findings import steps_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.template import Evaluated, EvaluatedResource, Template

ACCOUNT = "123456789012"
EAST, WEST = "us-east-1", "us-west-2"
KEY_ID = "mrk-00000000000000000000000000000000"
PRIMARY_KEY_ARN = f"arn:aws:kms:{EAST}:{ACCOUNT}:key/{KEY_ID}"


class _Absent:
    def __repr__(self) -> str:
        return "absent"


ABSENT = _Absent()
"""What a resource or property that is not there is found to be."""


@dataclass(frozen=True, kw_only=True)
class Stack:
    """One region's stack. What only AWS knows stands in the values as Fn::Sub writes it.

    `${Topic}` is the Ref, `${Role.Arn}` the GetAtt of a resource. `outputs` holds the values alone.
    """

    template: Template
    region: str
    suffix: str
    resources: Mapping[str, EvaluatedResource]
    outputs: Mapping[str, Any]

    @property
    def side(self) -> str:
        """`Primary` or `Secondary`, as the logical IDs of this region say it."""
        return "Primary" if self.region == EAST else "Secondary"

    @property
    def other_side(self) -> str:
        """The side of the other region."""
        return "Secondary" if self.region == EAST else "Primary"

    @property
    def other_region(self) -> str:
        """The region of the other stack."""
        return WEST if self.region == EAST else EAST

    def of_type(self, resource_type: str) -> tuple[str, ...]:
        """Return the logical IDs of a resource type, in template order."""
        return tuple(key for key, resource in self.resources.items() if resource.type == resource_type)

    def property(self, logical_id: str, path: str) -> Any:
        """Return a property's value, ABSENT without it; `path` has "/" between keys and indexes."""
        resource = self.resources.get(logical_id)
        return below(resource.properties, path) if resource else ABSENT

    def type_of(self, logical_id: str) -> Any:
        """Return a resource's type, ABSENT without the resource."""
        resource = self.resources.get(logical_id)
        return resource.type if resource else ABSENT

    def meaning(self, value: Any) -> Any:
        """Return the value with the names and ARNs that the template itself fixes in place of `${…}`."""
        if isinstance(value, dict):
            return {key: self.meaning(member) for key, member in value.items()}
        if isinstance(value, list):
            return [self.meaning(member) for member in value]
        if isinstance(value, str):
            return re.sub(r"\$\{[\w.]+\}", lambda match: self._known.get(match[0], match[0]), value)
        return value

    @cached_property
    def _known(self) -> Mapping[str, str]:
        known = {}
        for logical_id, resource in self.resources.items():
            name = _name(resource)
            if name is None:
                continue
            arn = _ARNS[resource.type].format(name=name, here=f"{self.region}:{ACCOUNT}")
            refers_by_arn = resource.type == "AWS::SNS::Topic"
            known[f"${{{logical_id}}}"] = arn if refers_by_arn else name
            known[f"${{{logical_id}.Arn}}"] = arn
            known[f"${{{logical_id}.TopicArn}}"] = arn
        return known


def stack_of(template: Template, region: str, *, suffix: str = "dev") -> Stack:
    """Return the stack that a deployment with the default parameters makes in a region."""
    found = evaluated(template, region, EnvironmentSuffix=suffix)
    return Stack(
        template=template,
        region=region,
        suffix=suffix,
        resources={
            logical_id: replace(resource, properties=plain(resource.properties))
            for logical_id, resource in found.resources.items()
        },
        outputs={name: plain(output.value) for name, output in found.outputs.items()},
    )


def evaluated(template: Template, region: str, **parameters: str) -> Evaluated:
    """Return the template's evaluation; a key ARN is given to all regions but East, as a deployment does."""
    key = {} if region == EAST else {"PrimaryKMSKeyArn": PRIMARY_KEY_ARN}
    return evaluate(template, region=region, parameters={**key, **parameters}, account_id=ACCOUNT)


def plain(value: Any) -> Any:
    """Return a resolved value with what only AWS knows as text, `${LogicalId.Attribute}`."""
    if isinstance(value, dict):
        return {key: plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [plain(member) for member in value]
    return str(value) if isinstance(value, Unknown) else value


def below(value: Any, path: str) -> Any:
    """Return what stands at a path below a value; ABSENT when nothing does."""
    for step in steps_of(path):
        if isinstance(value, dict):
            value = value.get(step, ABSENT)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return ABSENT
    return value


NAMES = {
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::DynamoDB::GlobalTable": "TableName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SNS::Topic": "TopicName",
}
"""The property that fixes the physical name of a resource type; roles must have none."""

_ARNS = {
    "AWS::CloudWatch::Alarm": "arn:aws:cloudwatch:{here}:alarm:{name}",
    "AWS::DynamoDB::GlobalTable": "arn:aws:dynamodb:{here}:table/{name}",
    "AWS::KMS::Alias": "arn:aws:kms:{here}:{name}",
    "AWS::KMS::Key": "arn:aws:kms:{here}:key/{name}",
    "AWS::KMS::ReplicaKey": "arn:aws:kms:{here}:key/{name}",
    "AWS::Lambda::Function": "arn:aws:lambda:{here}:function:{name}",
    "AWS::Logs::LogGroup": "arn:aws:logs:{here}:log-group:{name}:*",
    "AWS::S3::Bucket": "arn:aws:s3:::{name}",
    "AWS::SNS::Topic": "arn:aws:sns:{here}:{name}",
}


def _name(resource: EvaluatedResource) -> str | None:
    """Return the physical name that the template fixes; a key's ID is the sample's in both regions."""
    if resource.type in {"AWS::KMS::Key", "AWS::KMS::ReplicaKey"}:
        return KEY_ID
    name = resource.properties.get(NAMES.get(resource.type, ""))
    return name if isinstance(name, str) else None
