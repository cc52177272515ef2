"""Checks of rights: a role can do its work in its own region, and no more."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Unpack

from qa.probe import iam, kms, lambda_
from qa.probe.iam import Right

from .events import FUNCTIONS
from .naming import Thing, plain_name
from .ready import Common, Given, Test, ready
from .verdicts import red

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .naming import Name
    from .scene import Scene

__tracebackhide__ = True  # a failure is shown at the line that asked for the check

ROLES = frozenset({"AWS::IAM::Role"})
ESCALATION = (
    "iam:CreateUser",
    "iam:CreateAccessKey",
    "iam:PutRolePolicy",
    "iam:AttachRolePolicy",
    "iam:PassRole",
)
"""What lets a role give itself every other right."""
ARNS = {
    "AWS::DynamoDB::Table": "arn:aws:dynamodb:{region}:{account}:table/{name}",
    "AWS::DynamoDB::GlobalTable": "arn:aws:dynamodb:{region}:{account}:table/{name}",
    "AWS::S3::Bucket": "arn:aws:s3:::{name}",
    "AWS::KMS::Key": "arn:aws:kms:{region}:{account}:key/{name}",
    "AWS::KMS::ReplicaKey": "arn:aws:kms:{region}:{account}:key/{name}",
    "AWS::Lambda::Function": "arn:aws:lambda:{region}:{account}:function:{name}",
    "AWS::SQS::Queue": "arn:aws:sqs:{region}:{account}:{name}",
    "AWS::SNS::Topic": "arn:aws:sns:{region}:{account}:{name}",
    "AWS::Logs::LogGroup": "arn:aws:logs:{region}:{account}:log-group:{name}",
}
"""How the name of a thing becomes the resource of a policy."""


@dataclass(frozen=True, slots=True)
class May:
    """One right: an action on a thing by its name, with what stands behind it, such as an object's key.

    `context` gives the request's condition keys; `{region}`, `{account}`, `{name}` and the name of any other
    thing, such as `{Documents}`, are filled in.
    """

    action: str
    on: Name
    below: str = ""
    context: Mapping[str, str] = field(default_factory=dict)


def role_can(
    role_or_function: Name, may: Sequence[May], may_not: Sequence[May] = (), **common: Unpack[Common]
) -> Test:
    """A role has the rights of its work on its own region's things, and none on other regions' or on IAM.

    `May("dynamodb:PutItem", "OrdersTable")`, `May("s3:PutObject", "Documents", "/orders/1.json")`. Each right
    of `may` is denied on the same thing of another region, where that is another thing. Those of `may_not`
    and the rights to create users and to change roles are denied, too. A policy of a key that names neither
    the account nor the role denies what the role's policies allow.

    Red: a missing right, a Deny or a boundary in its way; `*`; the ARN of another region.
    Needs: IAM, and KMS where a right is about a key.
    """

    def body(scene: Scene, given: Given) -> None:
        regions = given.regions or scene.estate.regions
        named = scene.estate.everywhere(role_or_function, ROLES | FUNCTIONS, regions=regions)

        def check(region: str) -> None:
            role_arn = _role_of(scene, named[region])
            own = [_right(scene, each, region) for each in may]
            foreign = [_right(scene, each, other) for each in may for other in regions if other != region]
            denied = [_right(scene, each, region) for each in may_not]
            escalating = [Right(action=action, resource="*") for action in ESCALATION]
            mine = set(own)
            excess = [each for each in (*foreign, *denied, *escalating) if each not in mine]
            _expect_rights(scene, named[region], role_arn, own=own, excess=excess)

        scene.in_each(named, check)

    return ready(12, "role_can", common, body)


def _role_of(scene: Scene, thing: Thing) -> str:
    if thing.type in ROLES or (thing.type is None and ":role/" in thing.physical_id):
        name = plain_name(thing.physical_id)
        found = iam.role_arn(scene.clients.iam(thing.region), name)
    else:
        state = lambda_.function_state(scene.clients.lambda_(thing.region), thing.name)
        found = None if state is None else state.role_arn
    if found is None:
        raise red(thing, found="no role", expected="one", fix="Deploy the stack again.")
    return found


def _right(scene: Scene, may: May, region: str) -> Right:
    on = may.on if isinstance(may.on, str) else may.on.get(region, "")
    things = (
        scene.estate.everywhere(may.on, set(ARNS), regions=scene.estate.regions) if on[:4] != "arn:" else {}
    )
    thing = things.get(region) or next(iter(things.values()), Thing(region=region, physical_id=on))
    values = _Names(
        scene, region, region=region, account=scene.estate.account, name=plain_name(thing.physical_id)
    )
    arn = ARNS.get(thing.type or "", thing.physical_id).format_map(values)
    context = {key: value.format_map(values) for key, value in may.context.items()}
    return Right(action=may.action, resource=f"{arn}{may.below}", context=context)


class _Names(dict[str, str]):
    """The names that stand in a text, and those of things, looked up when they are needed."""

    def __init__(self, scene: Scene, where: str, **known: str) -> None:
        super().__init__(known)
        self._scene = scene
        self._where = where

    def __missing__(self, name: str) -> str:
        things = self._scene.estate.everywhere(name, set(ARNS))
        return plain_name(things[self._where].physical_id)


def _expect_rights(
    scene: Scene, thing: Thing, role_arn: str, *, own: Sequence[Right], excess: Sequence[Right]
) -> None:
    client = scene.clients.iam(thing.region)
    missing = [each for each in own if iam.simulated(client, role_arn, each) != "allowed"]
    missing += [each for each in own if each not in missing and not _key_lets(scene, each, role_arn)]
    too_many = [each for each in excess if iam.simulated(client, role_arn, each) == "allowed"]
    if missing or too_many:
        raise red(
            f"the role {role_arn} of {thing}",
            found=f"{_listed(missing)} missing, and {_listed(too_many)} too many",
            expected=f"{_listed(own)}, and nothing else of what was tried",
            fix="Name actions and the region's own ARNs in its policies, and look at Deny and boundaries.",
        )


def _listed(rights: Sequence[Right]) -> str:
    return ", ".join(f"{each.action} on {each.resource}" for each in rights) or "nothing"


def _key_lets(scene: Scene, right: Right, role_arn: str) -> bool:
    """Say whether the policy of the key that a right is about leaves it to IAM, or names the role."""
    if ":kms:" not in right.resource:
        return True
    region = right.resource.split(":")[3]
    document = json.loads(kms.policy(scene.clients.kms(region), right.resource))
    text = json.dumps([each for each in document["Statement"] if each.get("Effect") == "Allow"])
    return f":iam::{scene.estate.account}:root" in text or role_arn in text or '"*"' in text
