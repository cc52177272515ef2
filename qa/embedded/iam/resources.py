"""AWS::IAM::Role, AWS::IAM::Policy and AWS::IAM::ManagedPolicy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.embedded.service.resource_types import (
    ID,
    NAME,
    ApiCall,
    Each,
    InvalidPropertiesError,
    Json,
    ResourceType,
    Setting,
    Subject,
    answer,
    item,
    made,
    prop,
    request,
    steps,
    tag_list,
    tagging,
)

from .aws_managed import refusal_of

if TYPE_CHECKING:
    from collections.abc import Generator

HOLDERS = ("Role", "User", "Group")
MOST_VERSIONS = 5


def _role_arn(role: Subject) -> str:
    return f"arn:aws:iam::{role.account_id}:role{role.properties.get('Path', '/')}{role.name}"


def _without_policies(role: Subject) -> Generator[ApiCall, Json, None]:
    """Take every policy from a role, also those that others gave it: it could not be deleted."""
    attached = yield request("ListAttachedRolePolicies", RoleName=ID).call(role, ends=True)
    for each in attached.get("AttachedPolicies", ()):
        yield request("DetachRolePolicy", RoleName=ID, PolicyArn=each["PolicyArn"]).call(role, ends=True)
    inline = yield request("ListRolePolicies", RoleName=ID).call(role, ends=True)
    for name in inline.get("PolicyNames", ()):
        yield request("DeleteRolePolicy", RoleName=ID, PolicyName=name).call(role, ends=True)


ROLE = ResourceType(
    name="AWS::IAM::Role",
    service="iam",
    named_by="RoleName",
    limit=64,
    create=request(
        "CreateRole",
        "AssumeRolePolicyDocument Path PermissionsBoundary Description MaxSessionDuration",
        RoleName=NAME,
        Tags=tag_list(),
    ),
    settings=(
        Setting(
            put=request(
                "UpdateAssumeRolePolicy", RoleName=ID, PolicyDocument=prop("AssumeRolePolicyDocument")
            ),
            at_creation=False,
        ),
        Setting(
            put=request(
                "UpdateRole",
                RoleName=ID,
                Description=prop("Description", ""),
                MaxSessionDuration=prop("MaxSessionDuration", 3600),
            ),
            at_creation=False,
        ),
        Setting(
            put=request("PutRolePermissionsBoundary", "PermissionsBoundary", RoleName=ID),
            remove=request("DeleteRolePermissionsBoundary", RoleName=ID),
            at_creation=False,
        ),
        Each(
            name="Policies",
            key="PolicyName",
            put=request(
                "PutRolePolicy",
                RoleName=ID,
                PolicyName=item("PolicyName"),
                PolicyDocument=item("PolicyDocument"),
            ),
            remove=request("DeleteRolePolicy", RoleName=ID, PolicyName=item("PolicyName")),
        ),
        Each(
            name="ManagedPolicyArns",
            put=request("AttachRolePolicy", RoleName=ID, PolicyArn=item()),
            remove=request("DetachRolePolicy", RoleName=ID, PolicyArn=item()),
        ),
        tagging(
            request("TagRole", RoleName=ID, Tags=tag_list()),
            request("UntagRole", RoleName=ID),
            keys="TagKeys",
        ),
    ),
    delete=(
        steps(
            _without_policies,
            sends="ListAttachedRolePolicies DetachRolePolicy ListRolePolicies DeleteRolePolicy",
        ),
        request("DeleteRole", RoleName=ID),
    ),
    attributes={"Arn": answer("Role.Arn"), "RoleId": answer("Role.RoleId")},
    refusals={"ManagedPolicyArns": refusal_of, "PermissionsBoundary": refusal_of},
    reads={
        made(_role_arn): "iam:GetRole iam:ListAttachedRolePolicies iam:ListRolePolicies iam:GetRolePolicy"
    },
)


def _require_holder(policy: Subject) -> None:
    if not any(policy.properties.get(f"{kind}s") for kind in HOLDERS):
        raise InvalidPropertiesError("At least one of [Groups,Roles,Users] must be non-empty.")


_INLINE = tuple(
    Each(
        name=f"{kind}s",
        named_by="PolicyName",
        put=request(f"Put{kind}Policy", "PolicyName PolicyDocument", **{f"{kind}Name": item()}),
        remove=request(f"Delete{kind}Policy", "PolicyName", **{f"{kind}Name": item()}),
    )
    for kind in HOLDERS
)
POLICY = ResourceType(
    name="AWS::IAM::Policy",
    service="iam",
    check=_require_holder,
    settings=_INLINE,
    delete=_INLINE,
    attributes={"Id": NAME},
)


def _new_version(policy: Subject) -> Generator[ApiCall, Json, None]:
    """Make a changed document the default version, in the place of the oldest where there are five."""
    if policy.before is None or not policy.differs({"PolicyDocument"}):
        return
    versions = (yield request("ListPolicyVersions", PolicyArn=ID).call(policy))["Versions"]
    if len(versions) >= MOST_VERSIONS:
        yield _without_version(policy, [each for each in versions if not each["IsDefaultVersion"]][-1])
    yield request("CreatePolicyVersion", "PolicyDocument", PolicyArn=ID, SetAsDefault=True).call(policy)


def _without_version(policy: Subject, version: Json) -> ApiCall:
    return request("DeletePolicyVersion", PolicyArn=ID, VersionId=version["VersionId"]).call(
        policy, ends=True
    )


def _unused(policy: Subject) -> Generator[ApiCall, Json, None]:
    """Detach a policy from everybody and delete its former versions: it could not be deleted."""
    held = yield request("ListEntitiesForPolicy", PolicyArn=ID).call(policy, ends=True)
    for kind in HOLDERS:
        for each in held.get(f"Policy{kind}s", ()):
            name = {f"{kind}Name": each[f"{kind}Name"]}
            yield request(f"Detach{kind}Policy", PolicyArn=ID, **name).call(policy, ends=True)
    kept = yield request("ListPolicyVersions", PolicyArn=ID).call(policy, ends=True)
    for version in kept.get("Versions", ()):
        if not version["IsDefaultVersion"]:
            yield _without_version(policy, version)


MANAGED_POLICY = ResourceType(
    name="AWS::IAM::ManagedPolicy",
    service="iam",
    named_by="ManagedPolicyName",
    create=request("CreatePolicy", "Path Description PolicyDocument", PolicyName=NAME),
    settings=(
        steps(
            _new_version,
            "PolicyDocument",
            sends="ListPolicyVersions DeletePolicyVersion CreatePolicyVersion",
        ),
        *(
            Each(
                name=f"{kind}s",
                put=request(f"Attach{kind}Policy", PolicyArn=ID, **{f"{kind}Name": item()}),
                remove=request(f"Detach{kind}Policy", PolicyArn=ID, **{f"{kind}Name": item()}),
            )
            for kind in HOLDERS
        ),
    ),
    delete=(
        steps(
            _unused,
            sends="ListEntitiesForPolicy ListPolicyVersions DeletePolicyVersion "
            "DetachRolePolicy DetachUserPolicy DetachGroupPolicy",
        ),
        request("DeletePolicy", PolicyArn=ID),
    ),
    ref=answer("Policy.Arn"),
    attributes={"PolicyArn": ID, "PolicyId": answer("Policy.PolicyId")},
)

RESOURCE_TYPES = (ROLE, POLICY, MANAGED_POLICY)
