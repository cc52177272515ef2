"""What a caller must acknowledge before a template may touch permissions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Collection

    from .template import Template

# The property that gives a resource a name of the template's own choice.
_IAM_TYPES = {
    "AWS::IAM::AccessKey": None,
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Policy": None,
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::IAM::UserToGroupAddition": None,
}


def required_capability(template: Template) -> str | None:
    """Return the capability that the template's resources ask for; None for none."""
    needed = None
    for resource in template.resources.values():
        if resource["Type"] not in _IAM_TYPES:
            continue
        name = _IAM_TYPES[resource["Type"]]
        if name is not None and name in resource.get("Properties", {}):
            return "CAPABILITY_NAMED_IAM"
        needed = "CAPABILITY_IAM"
    return needed


def iam_types(template: Template) -> tuple[str, ...]:
    """Return the types that make the template need a capability, each once, sorted."""
    return tuple(sorted({one["Type"] for one in template.resources.values()} & set(_IAM_TYPES)))


def check_capabilities(template: Template, given: Collection[str]) -> None:
    """Refuse a request that does not acknowledge what its template needs."""
    needed = required_capability(template)
    if needed is None or "CAPABILITY_NAMED_IAM" in given:
        return
    if needed not in given:
        raise RefusedError("InsufficientCapabilitiesException", f"Requires capabilities : [{needed}]")
