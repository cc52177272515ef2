"""Resources of the types that rules look into, wired to one another at random."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from qa import schemas
from tests.harness.agreement import generated

from . import hostile
from .mutants import as_file, change, names_of, parameter_options

if TYPE_CHECKING:
    from random import Random

    from .given import Given

TYPES = (
    "AWS::CloudFormation::CustomResource", "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm",
    "AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table", "AWS::EC2::SecurityGroup", "AWS::Events::Rule",
    "AWS::IAM::ManagedPolicy", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::RolePolicy",
    "AWS::KMS::Alias",
    "AWS::KMS::Key", "AWS::KMS::ReplicaKey", "AWS::Lambda::EventSourceMapping", "AWS::Lambda::Function",
    "AWS::Lambda::Permission", "AWS::Logs::LogGroup", "AWS::S3::Bucket", "AWS::S3::BucketPolicy",
    "AWS::SNS::Subscription", "AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "AWS::SQS::Queue",
    "AWS::SQS::QueuePolicy",
    "AWS::SSM::Parameter", "AWS::Scheduler::Schedule", "AWS::SecretsManager::Secret",
    "AWS::StepFunctions::StateMachine",
)  # fmt: skip
_REGIONAL = {
    "InEast": {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]},
    "Not": {"Fn::Not": [{"Condition": "InEast"}]},
}
_STATEMENT_KEYS = (
    "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition",
    "Sid",
)  # fmt: skip
_DOCUMENTS = ("PolicyDocument", "AssumeRolePolicyDocument", "KeyPolicy", "ResourcePolicy")


def wired(random: Random) -> Given:
    """Return a template of one to eight resources with references, conditions, policies and code."""
    size = random.randrange(1, 9)
    # copied, as what follows changes any part of it
    body = copy.deepcopy(generated.template(random, size, [kind for kind in TYPES if kind in _known()]))
    body["Conditions"] = copy.deepcopy(_REGIONAL)
    body["Parameters"] = {
        **body["Parameters"],
        "Free": {"Type": "String", "AllowedPattern": random.choice(hostile.PATTERNS)},
    }
    body["Outputs"] = {
        f"O{number}": {"Value": hostile.function(random, names_of(body)), "Export": {"Name": "same"}}
        for number in range(random.randrange(3))
    }
    for resource in body["Resources"].values():
        _wire(random, resource, names_of(body))
    for _ in range(random.randrange(3)):
        change(random, body)
    return as_file(random, body, kind="wired", options=parameter_options(random, body))


def _known() -> frozenset[str]:
    return frozenset(schemas.resource_types(generated.REGION))


def _wire(random: Random, resource: dict[str, Any], names: list[str]) -> None:
    if random.random() < 0.4:
        resource["Condition"] = random.choice(("InEast", "Not", "Gone"))
    if random.random() < 0.3:
        resource["DependsOn"] = random.choice((random.choice(names), [random.choice(names)]))
    properties = resource["Properties"]
    for key in list(properties):
        _replace(random, properties, key, names)
    if resource["Type"] == "AWS::Lambda::Function" and random.random() < 0.8:
        code = hostile.code(random, 12)
        properties["Code"] = {"ZipFile": random.choice((code, {"Fn::Sub": code}))}
        properties["Runtime"] = random.choice(("nodejs22.x", "python3.13", "nodejs12.x", "", 1))
    _allow(random, properties, names)


def _replace(random: Random, properties: dict[str, Any], key: str, names: list[str]) -> None:
    pick = random.random()
    if pick < 0.25:
        properties[key] = hostile.function(random, names)
    elif pick < 0.35:
        properties[key] = {"Fn::If": ["InEast", properties[key], hostile.value(random, names)]}
    elif pick < 0.45:
        properties[key] = hostile.value(random, names)


def _allow(random: Random, properties: dict[str, Any], names: list[str]) -> None:
    for document in _DOCUMENTS:
        if random.random() < (0.6 if document in properties else 0.05):
            properties[document] = _policy(random, names)
    if random.random() < 0.2:
        policy = {"PolicyName": "p", "PolicyDocument": _policy(random, names)}
        properties["Policies"] = [policy, hostile.value(random, names)]


def _policy(random: Random, names: list[str]) -> Any:
    def part() -> Any:
        return random.choice(
            (hostile.text(random, names), [hostile.text(random, names)], hostile.value(random, names, 3))
        )

    statements = [
        {key: part() for key in random.sample(_STATEMENT_KEYS, k=random.randrange(1, 7))}
        for _ in range(random.randrange(4))
    ]
    for statement in statements:
        if random.random() < 0.5:
            statement["Effect"] = random.choice(("Allow", "Deny"))
        if random.random() < 0.4:
            statement["Principal"] = {random.choice(("Service", "AWS", "Federated", "*")): part()}
        if random.random() < 0.3:
            statement["Condition"] = {
                random.choice(("StringEquals", "ArnLike", "Bool")): {"aws:SourceArn": part()}
            }
    return {
        "Version": "2012-10-17",
        "Statement": random.choice((statements, statements[:1] or None, hostile.value(random, names))),
    }
