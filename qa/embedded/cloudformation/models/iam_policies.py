"""AWS::IAM::Policy: one inline policy of several roles, users and groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from moto.core.common_models import CloudFormationModel
from moto.core.exceptions import ServiceException
from moto.iam.models import iam_backends

from qa.embedded.cloudformation.errors import RefusedError

from .physical import Physical, document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from moto.iam.models import IAMBackend

HOLDERS = (("Roles", "role"), ("Users", "user"), ("Groups", "group"))


class Policy(Physical, CloudFormationModel):
    """An inline policy; it is gone from whoever the template no longer names."""

    supported_properties: ClassVar[frozenset[str]] = frozenset(
        {"Groups", "PolicyDocument", "PolicyName", "Roles", "Users"}
    )

    def __init__(self, physical_id: str, properties: Mapping[str, Any]) -> None:
        super().__init__(physical_id)
        self.properties = properties

    @staticmethod
    def cloudformation_type() -> str:
        """Return the resource type."""
        return "AWS::IAM::Policy"

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,  # noqa: ARG003 - policies have no region
        **_: Any,
    ) -> Policy:
        """Put the policy on everyone it is for; takes it back when one of them is not there."""
        properties = cloudformation_json["Properties"]
        if not list(_holders(properties)):
            raise RefusedError("InvalidInput", "At least one of [Groups,Roles,Users] must be non-empty.")
        backend = iam_backends[account_id]["aws"]
        try:
            _put(backend, properties)
        except Exception:
            _take(backend, properties, keep=frozenset())
            raise
        return cls(resource_name, properties)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Policy,
        new_resource_name: str,  # noqa: ARG003 - the ID of a policy stays
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,  # noqa: ARG003 - policies have no region
    ) -> Policy:
        """Put the new policy, then take the old one from those who are no longer named."""
        properties = cloudformation_json["Properties"]
        backend = iam_backends[account_id]["aws"]
        _put(backend, properties)
        _take(backend, original_resource.properties, keep=frozenset(_held(properties)))
        return cls(original_resource.physical_resource_id, properties)

    def delete(self, account_id: str, region_name: str) -> None:  # noqa: ARG002 - policies have no region
        """Take the policy from everyone who has it."""
        _take(iam_backends[account_id]["aws"], self.properties, keep=frozenset())


def _holders(properties: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for prop, kind in HOLDERS:
        for name in properties.get(prop, ()):
            yield kind, name


def _held(properties: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for kind, holder in _holders(properties):
        yield kind, holder, properties["PolicyName"]


def _put(backend: IAMBackend, properties: Mapping[str, Any]) -> None:
    for kind, holder, name in _held(properties):
        put = getattr(backend, f"put_{kind}_policy")
        put(holder, name, document(properties["PolicyDocument"]))


def _take(
    backend: IAMBackend, properties: Mapping[str, Any], *, keep: frozenset[tuple[str, str, str]]
) -> None:
    for kind, holder, name in _held(properties):
        if (kind, holder, name) in keep:
            continue
        delete = getattr(backend, f"delete_{kind}_policy")
        try:
            delete(holder, name)
        except ServiceException as refused:
            if not _is_gone(refused):
                raise
        except KeyError:  # moto's word for a holder without that policy
            continue


def _is_gone(refused: ServiceException) -> bool:
    return "NoSuchEntity" in refused.code
