"""IAM: users, groups, roles and policies as rights on their ARNs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.iam.models import iam_backends

from qa.embedded.service.rights import Call, Need, each, everywhere, on, tagged

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa.embedded.service.rights import ContextValues, Needs


def _named(call: Call, kind: str, name: str | None) -> str:
    """Return the ARN of a user, group, role or profile, with its path where there is such a one."""
    iam = iam_backends[call.account_id]["aws"]
    held: dict[str, dict[str, Any]] = {
        "user": iam.users,
        "group": iam.groups,
        "role": iam.roles,
        "instance-profile": iam.instance_profiles,
    }
    found = next((each for each in tuple(held[kind].values()) if each.name == name), None)
    if found is not None:
        return str(found.arn)
    return f"arn:aws:iam::{call.account_id}:{kind}{call.get('Path') or '/'}{name}"


def _role(call: Call) -> str:
    return _named(call, "role", call.get("RoleName"))


def _user(call: Call) -> str:
    if call.get("UserName"):
        return _named(call, "user", call.get("UserName"))
    return str(call.caller.arn)


def _group(call: Call) -> str:
    return _named(call, "group", call.get("GroupName"))


def _instance_profile(call: Call) -> str:
    return _named(call, "instance-profile", call.get("InstanceProfileName"))


def _filled(call: Call) -> Iterable[Need]:
    """Yield the right on the profile, and that to hand its role over."""
    yield from on("iam", _instance_profile)(call)
    context = {"iam:PassedToService": "ec2.amazonaws.com"}
    yield Need(action="iam:PassRole", resource=_role(call), context=context)


def _policy(call: Call) -> str:
    new = f"arn:aws:iam::{call.account_id}:policy{call.get('Path') or '/'}{call.get('PolicyName')}"
    return str(call.get("PolicyArn") or new)


def _attached(call: Call) -> ContextValues:
    keys = {
        "iam:PolicyARN": call.get("PolicyArn"),
        "iam:PermissionsBoundary": call.get("PermissionsBoundary"),
    }
    return {key: str(value) for key, value in keys.items() if value}


def _simulated(call: Call) -> str:
    return str(call.get("PolicySourceArn"))


RIGHTS: dict[str, Needs] = (
    each(
        "GetRole DeleteRole UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy PutRolePolicy "
        "GetRolePolicy DeleteRolePolicy ListRolePolicies AttachRolePolicy DetachRolePolicy TagRole UntagRole "
        "ListAttachedRolePolicies ListRoleTags PutRolePermissionsBoundary DeleteRolePermissionsBoundary",
        on("iam", _role, _attached),
    )
    | each(
        "CreateUser GetUser DeleteUser UpdateUser PutUserPolicy GetUserPolicy DeleteUserPolicy TagUser "
        "ListUserPolicies AttachUserPolicy DetachUserPolicy ListAttachedUserPolicies UntagUser ListUserTags "
        "CreateAccessKey DeleteAccessKey UpdateAccessKey ListAccessKeys ListGroupsForUser "
        "CreateLoginProfile DeleteLoginProfile",
        on("iam", _user, _attached),
    )
    | each(
        "CreateGroup GetGroup DeleteGroup AddUserToGroup RemoveUserFromGroup PutGroupPolicy GetGroupPolicy "
        "DeleteGroupPolicy ListGroupPolicies AttachGroupPolicy DetachGroupPolicy ListAttachedGroupPolicies",
        on("iam", _group, _attached),
    )
    | each(
        "CreatePolicy GetPolicy DeletePolicy CreatePolicyVersion GetPolicyVersion DeletePolicyVersion "
        "ListPolicyVersions SetDefaultPolicyVersion ListEntitiesForPolicy",
        on("iam", _policy),
    )
    | each(
        "CreateInstanceProfile GetInstanceProfile DeleteInstanceProfile RemoveRoleFromInstanceProfile",
        on("iam", _instance_profile),
    )
    | {"CreateRole": tagged(on("iam", _role, _attached), "iam:TagRole")}
    | {"AddRoleToInstanceProfile": _filled}
    | {"ListInstanceProfilesForRole": on("iam", _role), "ListInstanceProfiles": everywhere("iam")}
    | each("SimulatePrincipalPolicy GetContextKeysForPrincipalPolicy", on("iam", _simulated))
    | each(
        "ListRoles ListUsers ListGroups ListPolicies GetAccountSummary ListAccountAliases "
        "SimulateCustomPolicy GetContextKeysForCustomPolicy GetAccountAuthorizationDetails",
        everywhere("iam"),
    )
)
