"""AWS::IAM::ManagedPolicy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from moto.core.common_models import CloudFormationModel
from moto.iam.models import iam_backends

from .physical import Physical, document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from moto.iam.models import IAMBackend

HOLDERS = (("Roles", "role"), ("Users", "user"), ("Groups", "group"))


class ManagedPolicy(Physical, CloudFormationModel):
    """A customer managed policy; a changed document is a new default version."""

    attribute_names = frozenset({"PolicyArn"})
    supported_properties: ClassVar[frozenset[str]] = frozenset(
        {"Description", "Groups", "ManagedPolicyName", "Path", "PolicyDocument", "Roles", "Users"}
    )

    @staticmethod
    def cloudformation_name_type() -> str:
        """Return the property that names the resource."""
        return "ManagedPolicyName"

    @staticmethod
    def cloudformation_type() -> str:
        """Return the resource type."""
        return "AWS::IAM::ManagedPolicy"

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,  # noqa: ARG003 - policies have no region
        **_: Any,
    ) -> ManagedPolicy:
        """Create the policy and attach it; leaves nothing behind when that fails."""
        properties = cloudformation_json["Properties"]
        backend = iam_backends[account_id]["aws"]
        policy = backend.create_policy(
            description=properties.get("Description", ""),
            path=properties.get("Path", "/"),
            policy_document=document(properties["PolicyDocument"]),
            policy_name=resource_name,
            tags=[],
        )
        try:
            _attach(backend, policy.arn, frozenset(_holders(properties)))
        except Exception:
            _remove(backend, policy.arn)
            raise
        return cls(policy.arn, {"PolicyArn": policy.arn})

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: ManagedPolicy,
        new_resource_name: str,  # noqa: ARG003 - another name is a replacement
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,  # noqa: ARG003 - policies have no region
    ) -> ManagedPolicy:
        """Make a new default version of a changed document, attach and detach."""
        properties = cloudformation_json["Properties"]
        backend = iam_backends[account_id]["aws"]
        arn = original_resource.physical_resource_id
        policy = backend.get_policy(arn)
        wanted = document(properties["PolicyDocument"])
        if wanted not in [version.document for version in policy.versions if version.is_default]:
            if len(policy.versions) >= 5:
                oldest = next(version for version in policy.versions if not version.is_default)
                backend.delete_policy_version(arn, oldest.version_id)
            backend.create_policy_version(arn, wanted, set_as_default=True)
        holders = frozenset(_holders(properties))
        _detach(backend, arn, frozenset(_attached(backend, arn)) - holders)
        _attach(backend, arn, holders)
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],  # noqa: ARG003 - moto's signature
        account_id: str,
        region_name: str,  # noqa: ARG003 - policies have no region
    ) -> None:
        """Detach the policy from everyone and delete it; one that is gone is no error."""
        _remove(iam_backends[account_id]["aws"], resource_name)


def _holders(properties: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for prop, kind in HOLDERS:
        for name in properties.get(prop, ()):
            yield kind, name


def _attached(backend: IAMBackend, arn: str) -> Iterator[tuple[str, str]]:
    for kind, entities in (("role", backend.roles), ("user", backend.users), ("group", backend.groups)):
        for entity in entities.values():
            if arn in entity.managed_policies:
                yield kind, entity.name


def _attach(backend: IAMBackend, arn: str, holders: frozenset[tuple[str, str]]) -> None:
    for kind, name in sorted(holders - frozenset(_attached(backend, arn))):
        getattr(backend, f"attach_{kind}_policy")(arn, name)


def _detach(backend: IAMBackend, arn: str, holders: frozenset[tuple[str, str]]) -> None:
    for kind, name in sorted(holders):
        getattr(backend, f"detach_{kind}_policy")(arn, name)


def _remove(backend: IAMBackend, arn: str) -> None:
    if arn in backend.managed_policies:
        _detach(backend, arn, frozenset(_attached(backend, arn)))
        backend.delete_policy(arn)
