"""The KMS resource types of CloudFormation, in place of moto's two."""

# ruff: noqa: ARG002, ARG003 - the arguments are those that moto calls a resource class with

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from moto.cloudformation.exceptions import UnformattedGetAttTemplateException
from moto.core.common_models import CloudFormationModel

from qa.embedded.patches import world_of

from .keys import backend_of, find, find_key
from .lifecycle import disable, enable, schedule_deletion
from .metadata import set_rotation
from .multi_region import replicate
from .patches import PATCHES
from .policy import check_policy
from .refusals import KmsRefusalError, invalid, not_found

if TYPE_CHECKING:
    from moto.kms.models import Key

    from qa.embedded.world import World

Properties = dict[str, Any]


class _OneKey:
    """What the two resource types that are one key have in common."""

    def __init__(self, region: str, key: Key, properties: Properties) -> None:
        self.region = region
        self.key = key
        self.properties = properties

    @property
    def physical_resource_id(self) -> str:
        return str(self.key.id)

    @staticmethod
    def cloudformation_name_type() -> str:
        return ""

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr in ("Arn", "KeyId")

    def get_cfn_attribute(self, attribute_name: str) -> str:
        if not self.has_cfn_attr(attribute_name):
            raise UnformattedGetAttTemplateException
        return str(self.key.arn if attribute_name == "Arn" else self.key.id)

    def is_created(self) -> bool:
        return True

    @classmethod
    def delete_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: dict[str, Any], account_id: str, region_name: str
    ) -> None:
        _schedule(region_name, resource_name, cloudformation_json.get("Properties", {}))

    def delete(self, account_id: str, region_name: str) -> None:
        """Schedule the key's deletion; the stack does not wait for it."""
        _schedule(self.region, self.key.id, self.properties)


class KeyResource(_OneKey, CloudFormationModel):
    """AWS::KMS::Key: Ref is the key ID."""

    supported_properties: ClassVar[frozenset[str]] = frozenset(
        {"KeyPolicy", "MultiRegion", "EnableKeyRotation", "RotationPeriodInDays", "PendingWindowInDays"}
        | {"KeySpec", "KeyUsage", "Enabled", "Description", "Tags", "BypassPolicyLockoutSafetyCheck"}
    )
    fixed: ClassVar[tuple[str, ...]] = ("KeySpec", "KeyUsage", "MultiRegion")

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::KMS::Key"

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **kwargs: Any,
    ) -> KeyResource:
        properties = cloudformation_json.get("Properties", {})
        key = backend_of(_world(), region_name).create_key(
            _policy_text(properties),
            properties.get("KeyUsage", ""),
            properties.get("KeySpec", ""),
            properties.get("Description", ""),
            _kms_tags(properties),
            _flag(properties, "MultiRegion"),
        )
        _set_rotation(key, properties)
        _set_enabled(key, properties)
        return cls(region_name, key, properties)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Any,
        new_resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> KeyResource:
        properties = cloudformation_json.get("Properties", {})
        _refuse_changes(cls, original_resource.properties, properties)
        key = original_resource.key
        enable(key)  # rotation cannot be changed on a disabled key
        _update_shared_settings(key, properties)
        _set_rotation(key, properties)
        _set_enabled(key, properties)
        return cls(region_name, key, properties)


class ReplicaKeyResource(_OneKey, CloudFormationModel):
    """AWS::KMS::ReplicaKey: Ref is the key ID, the primary's own."""

    supported_properties: ClassVar[frozenset[str]] = frozenset(
        {"PrimaryKeyArn", "KeyPolicy", "PendingWindowInDays", "Enabled", "Description", "Tags"}
    )
    fixed: ClassVar[tuple[str, ...]] = ("PrimaryKeyArn",)

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::KMS::ReplicaKey"

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **kwargs: Any,
    ) -> ReplicaKeyResource:
        properties = cloudformation_json.get("Properties", {})
        key = replicate(
            _world(),
            _primary(properties.get("PrimaryKeyArn", "")),
            region_name,
            policy=_policy_text(properties),
            description=properties.get("Description", ""),
            tags=tuple(_kms_tags(properties)),
        )
        _set_enabled(key, properties)
        return cls(region_name, key, properties)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Any,
        new_resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> ReplicaKeyResource:
        properties = cloudformation_json.get("Properties", {})
        _refuse_changes(cls, original_resource.properties, properties)
        key = original_resource.key
        _update_shared_settings(key, properties)
        _set_enabled(key, properties)
        return cls(region_name, key, properties)


class AliasResource(CloudFormationModel):
    """AWS::KMS::Alias: Ref is the alias name."""

    supported_properties: ClassVar[frozenset[str]] = frozenset({"AliasName", "TargetKeyId"})

    def __init__(self, region: str, name: str) -> None:
        self.region = region
        self.name = name

    @property
    def physical_resource_id(self) -> str:
        return self.name

    @staticmethod
    def cloudformation_name_type() -> str:
        return "AliasName"

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::KMS::Alias"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return False

    def get_cfn_attribute(self, attribute_name: str) -> str:
        raise UnformattedGetAttTemplateException

    def is_created(self) -> bool:
        return True

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **kwargs: Any,
    ) -> AliasResource:
        properties = cloudformation_json["Properties"]
        name = properties["AliasName"]
        backend = backend_of(_world(), region_name)
        if not name.startswith("alias/") or name.startswith("alias/aws/"):
            raise invalid(f"Alias name {name!r} must start with 'alias/' and not with 'alias/aws/'")
        if backend.alias_exists(name):
            arn = f"arn:aws:kms:{region_name}:{account_id}:{name}"
            raise KmsRefusalError("AlreadyExistsException", f"An alias with the name {arn} already exists")
        backend.create_alias(find_key(_world(), region_name, properties["TargetKeyId"]).id, name)
        return cls(region_name, name)

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Any,
        new_resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
    ) -> AliasResource:
        properties = cloudformation_json["Properties"]
        if properties["AliasName"] != original_resource.name:
            renamed = cls.create_from_cloudformation_json(
                new_resource_name, cloudformation_json, account_id, region_name
            )
            original_resource.delete(account_id, region_name)
            return renamed
        target = find_key(_world(), region_name, properties["TargetKeyId"])
        backend_of(_world(), region_name).update_alias(target.id, original_resource.name)
        return cls(region_name, original_resource.name)

    @classmethod
    def delete_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: dict[str, Any], account_id: str, region_name: str
    ) -> None:
        backend_of(_world(), region_name).delete_alias(resource_name)

    def delete(self, account_id: str, region_name: str) -> None:
        """Remove the alias; its key stays."""
        backend_of(_world(), self.region).delete_alias(self.name)


def _primary(arn: str) -> Key:
    parts = arn.split(":", 5)
    if len(parts) != 6 or not parts[5].startswith("key/"):
        raise invalid(f"PrimaryKeyArn {arn!r} is not the ARN of a key")
    if parts[4] != _world().account_id:
        raise not_found(f"Key '{arn}' does not exist")
    return find(_world(), parts[3], arn)


def _policy_text(properties: Properties) -> str | None:
    policy = properties.get("KeyPolicy")
    return policy if policy is None or isinstance(policy, str) else json.dumps(policy)


def _kms_tags(properties: Properties) -> list[dict[str, str]]:
    return [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in properties.get("Tags", [])]


def _flag(properties: Properties, name: str, *, default: bool = False) -> bool:
    return str(properties.get(name, default)).lower() == "true"


def _set_rotation(key: Key, properties: Properties) -> None:
    enabled = _flag(properties, "EnableKeyRotation")
    period = properties.get("RotationPeriodInDays")
    if enabled or key.key_rotation_status:
        set_rotation(_world(), key, enabled=enabled, period_days=None if period is None else int(period))


def _set_enabled(key: Key, properties: Properties) -> None:
    (enable if _flag(properties, "Enabled", default=True) else disable)(key)


def _update_shared_settings(key: Key, properties: Properties) -> None:
    policy = _policy_text(properties)
    if policy is not None:
        check_policy(policy, account_id=key.account_id, caller=_world().authorizer.current())
        key.policy = policy
    key.description = properties.get("Description", "")
    tagger = backend_of(_world(), key.region).tagger
    tagger.delete_all_tags_for_resource(key.id)
    tagger.tag_resource(key.id, _kms_tags(properties))


def _refuse_changes(
    cls: type[KeyResource | ReplicaKeyResource], before: Properties, after: Properties
) -> None:
    for name in cls.fixed:
        if str(before.get(name)) != str(after.get(name)):
            raise invalid(f"{name} of a key cannot be changed: the update fails so that no key is lost by it")


def _schedule(region: str, key_id: str, properties: Properties) -> None:
    key = find_key(_world(), region, key_id)
    if not key.key_state.startswith("Pending"):
        schedule_deletion(_world(), key, int(properties.get("PendingWindowInDays", 30)))


def _world() -> World:
    # moto calls a resource class without a way to hand a world in
    return world_of(PATCHES)
