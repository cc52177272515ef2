"""AWS::Logs::LogGroup."""

from __future__ import annotations

from typing import Any, ClassVar

from moto.core.common_models import CloudFormationModel
from moto.logs.models import LogsBackend, logs_backends

from qa.embedded.logs import PATCHES, require_key
from qa.embedded.patches import world_of

from .physical import Physical, already_exists, tag_map


class LogGroup(Physical, CloudFormationModel):
    """A log group; retention, key and tags are changed in place."""

    attribute_names = frozenset({"Arn"})
    supported_properties: ClassVar[frozenset[str]] = frozenset(
        {"KmsKeyId", "LogGroupName", "RetentionInDays", "Tags"}
    )

    @staticmethod
    def cloudformation_name_type() -> str:
        """Return the property that names the resource."""
        return "LogGroupName"

    @staticmethod
    def cloudformation_type() -> str:
        """Return the resource type."""
        return "AWS::Logs::LogGroup"

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> LogGroup:
        """Create the log group."""
        backend = logs_backends[account_id][region_name]
        if resource_name in backend.groups:
            raise already_exists(cls.cloudformation_type(), resource_name)
        # with the key, so that one which cannot be used leaves no group
        backend.create_log_group(
            resource_name, {}, kmsKeyId=cloudformation_json["Properties"].get("KmsKeyId")
        )
        _set(backend, resource_name, cloudformation_json["Properties"])
        # GetAtt's ARN ends with :* ; the API's own does not
        return cls(resource_name, {"Arn": f"{backend.groups[resource_name].arn}:*"})

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: LogGroup,
        new_resource_name: str,  # noqa: ARG003 - another name is a replacement
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> LogGroup:
        """Change the log group in place; its streams stay."""
        backend = logs_backends[account_id][region_name]
        _set(backend, original_resource.physical_resource_id, cloudformation_json["Properties"])
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],  # noqa: ARG003 - moto's signature
        account_id: str,
        region_name: str,
    ) -> None:
        """Delete the log group; one that is gone is no error."""
        backend = logs_backends[account_id][region_name]
        if resource_name in backend.groups:
            backend.delete_log_group(resource_name)


def _set(backend: LogsBackend, name: str, properties: dict[str, Any]) -> None:
    group = backend.groups[name]
    require_key(world_of(PATCHES), backend.region_name, name, properties.get("KmsKeyId"))
    days = properties.get("RetentionInDays")
    group.retention_in_days = None if days is None else int(days)
    group.kms_key_id = properties.get("KmsKeyId")
    backend.untag_resource(group.arn, list(backend.list_tags_for_resource(group.arn)))
    backend.tag_resource(group.arn, tag_map(properties.get("Tags")))
