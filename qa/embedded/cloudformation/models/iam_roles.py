"""AWS::IAM::Role: everything but path and name is changed in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from moto.core.common_models import CloudFormationModel
from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends

from .physical import Physical, document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.iam.models import IAMBackend
    from moto.iam.models import Role as MotoRole


class Role(Physical, CloudFormationModel):
    """A role with its trust, its inline policies and its attached ones."""

    attribute_names = frozenset({"Arn", "RoleId"})
    supported_properties: ClassVar[frozenset[str]] = frozenset(
        {
            "AssumeRolePolicyDocument",
            "Description",
            "ManagedPolicyArns",
            "MaxSessionDuration",
            "Path",
            "PermissionsBoundary",
            "Policies",
            "RoleName",
            "Tags",
        }
    )

    @staticmethod
    def cloudformation_name_type() -> str:
        """Return the property that names the resource."""
        return "RoleName"

    @staticmethod
    def cloudformation_type() -> str:
        """Return the resource type."""
        return "AWS::IAM::Role"

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,  # noqa: ARG003 - roles have no region
        **_: Any,
    ) -> Role:
        """Create the role and what it may; leaves nothing behind when a policy is refused."""
        properties = cloudformation_json["Properties"]
        backend = iam_backends[account_id]["aws"]
        role = backend.create_role(
            role_name=resource_name,
            assume_role_policy_document=document(properties["AssumeRolePolicyDocument"]),
            path=properties.get("Path", "/"),
            permissions_boundary=properties.get("PermissionsBoundary"),
            description=properties.get("Description", ""),
            tags=properties.get("Tags", []),
            max_session_duration=str(properties.get("MaxSessionDuration", 3600)),
        )
        try:
            _set_policies(backend, role, properties)
        except Exception:
            _remove(backend, resource_name)
            raise
        return cls(resource_name, {"Arn": role.arn, "RoleId": role.id})

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Role,
        new_resource_name: str,  # noqa: ARG003 - another name is a replacement
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,  # noqa: ARG003 - roles have no region
    ) -> Role:
        """Change the role in place; its sessions stay valid."""
        properties = cloudformation_json["Properties"]
        backend = iam_backends[account_id]["aws"]
        name = original_resource.physical_resource_id
        role = backend.get_role(name)
        backend.update_assume_role_policy(name, document(properties["AssumeRolePolicyDocument"]))
        role.description = properties.get("Description", "")
        role.max_session_duration = str(properties.get("MaxSessionDuration", 3600))
        role.permissions_boundary_arn = properties.get("PermissionsBoundary")
        backend.untag_role(name, [tag["Key"] for tag in role.tags or ()])
        if properties.get("Tags"):
            backend.tag_role(name, properties["Tags"])
        _set_policies(backend, role, properties)
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],  # noqa: ARG003 - moto's signature
        account_id: str,
        region_name: str,  # noqa: ARG003 - roles have no region
    ) -> None:
        """Delete the role and detach its policies; one that is gone is no error."""
        _remove(iam_backends[account_id]["aws"], resource_name)


def _set_policies(backend: IAMBackend, role: MotoRole, properties: Mapping[str, Any]) -> None:
    wanted = {one["PolicyName"]: one["PolicyDocument"] for one in properties.get("Policies", ())}
    for name, policy in wanted.items():
        backend.put_role_policy(role.name, name, document(policy))
    for name in [name for name in role.policies if name not in wanted]:
        backend.delete_role_policy(role.name, name)
    attached = properties.get("ManagedPolicyArns", [])
    for arn in [arn for arn in role.managed_policies if arn not in attached]:
        backend.detach_role_policy(arn, role.name)
    for arn in attached:
        if arn not in role.managed_policies:
            backend.attach_role_policy(arn, role.name)


def _remove(backend: IAMBackend, name: str) -> None:
    try:
        role = backend.get_role(name)
    except NotFoundException:
        return
    for arn in list(role.managed_policies):
        backend.detach_role_policy(arn, name)
    for policy in list(role.policies):
        backend.delete_role_policy(name, policy)
    backend.delete_role(name)
