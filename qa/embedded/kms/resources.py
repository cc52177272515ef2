"""AWS::KMS::Key, AWS::KMS::ReplicaKey and AWS::KMS::Alias."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.embedded.service.resource_types import (
    ID,
    NAME,
    ApiCall,
    InvalidPropertiesError,
    Json,
    ResourceType,
    Setting,
    Subject,
    answer,
    made,
    prop,
    request,
    steps,
    tag_list,
    tagging,
)

if TYPE_CHECKING:
    from collections.abc import Generator

ARN = "arn:aws:kms:{region}:{account}:key/{id}"
TAGS = tag_list("TagKey", "TagValue")
FIXED = ("KeySpec", "KeyUsage", "MultiRegion")
PRIMARY_PARTS = 6


def _flag(properties: Json | None, name: str, *, default: bool = False) -> bool:
    return str((properties or {}).get(name, default)).lower() == "true"


def _require_same_kind(key: Subject) -> None:
    for name in FIXED if key.before is not None else ():
        if key.differs({name}):
            raise InvalidPropertiesError(
                f"{name} of a key cannot be changed: the update fails so that no key is lost by it"
            )


def _state(key: Subject) -> Generator[ApiCall, Json, None]:
    """Switch rotation and the key; rotation cannot be changed while the key is disabled."""
    is_enabled = key.before is None or _flag(key.before, "Enabled", default=True)
    rotates = _flag(key.properties, "EnableKeyRotation")
    is_rotation_new = key.differs({"EnableKeyRotation", "RotationPeriodInDays"})
    if is_rotation_new and (rotates or _flag(key.before, "EnableKeyRotation")):
        if not is_enabled:
            yield request("EnableKey", KeyId=ID).call(key)
            is_enabled = True
        if rotates:
            yield request("EnableKeyRotation", "RotationPeriodInDays", KeyId=ID).call(key)
        else:
            yield request("DisableKeyRotation", KeyId=ID).call(key)
    shall_be_enabled = _flag(key.properties, "Enabled", default=True)
    if is_enabled != shall_be_enabled:
        yield request("EnableKey" if shall_be_enabled else "DisableKey", KeyId=ID).call(key)


def _schedule(key: Subject) -> Generator[ApiCall, Json, None]:
    """Schedule the deletion, for which the stack does not wait, unless somebody has done so."""
    found = yield request("DescribeKey", KeyId=ID).call(key, ends=True)
    if found and not found["KeyMetadata"]["KeyState"].startswith("Pending"):
        days = (key.before or key.properties).get("PendingWindowInDays", 30)
        yield request("ScheduleKeyDeletion", KeyId=ID, PendingWindowInDays=days).call(key)


_POLICY = request("PutKeyPolicy", KeyId=ID, PolicyName="default", Policy=prop("KeyPolicy"))
_DESCRIPTION = Setting(
    put=request("UpdateKeyDescription", KeyId=ID, Description=prop("Description", "")), at_creation=False
)
_TAGS = tagging(
    request("TagResource", KeyId=ID, Tags=TAGS), request("UntagResource", KeyId=ID), keys="TagKeys"
)
_END = steps(_schedule, "PendingWindowInDays", sends="DescribeKey ScheduleKeyDeletion")
SWITCHES = "EnableKey DisableKey EnableKeyRotation DisableKeyRotation"

KEY = ResourceType(
    name="AWS::KMS::Key",
    service="kms",
    check=_require_same_kind,
    create=request("CreateKey", "Description KeySpec KeyUsage MultiRegion", Tags=TAGS),
    settings=(
        Setting(put=_POLICY),
        steps(_state, "Enabled EnableKeyRotation RotationPeriodInDays", sends=SWITCHES),
        _DESCRIPTION,
        _TAGS,
    ),
    delete=(_END,),
    ref=answer("KeyMetadata.KeyId"),
    attributes={"Arn": answer("KeyMetadata.Arn"), "KeyId": ID},
    reads={ARN: "kms:DescribeKey kms:GetKeyPolicy kms:GetKeyRotationStatus kms:ListResourceTags"},
)


def _primary_region(key: Subject) -> str:
    arn = str(key.properties.get("PrimaryKeyArn"))
    parts = arn.split(":", PRIMARY_PARTS - 1)
    if len(parts) != PRIMARY_PARTS or not parts[-1].startswith("key/"):
        raise InvalidPropertiesError(f"PrimaryKeyArn {arn!r} is not the ARN of a key")
    return parts[3]


REPLICA_KEY = ResourceType(
    name="AWS::KMS::ReplicaKey",
    service="kms",
    create=request(
        "ReplicateKey",
        "Description",
        KeyId=prop("PrimaryKeyArn"),
        ReplicaRegion=made(lambda key: key.region),
        Policy=prop("KeyPolicy"),
        Tags=TAGS,
    ).in_region(made(_primary_region)),
    settings=(
        Setting(put=_POLICY, at_creation=False),
        steps(_state, "Enabled", sends=SWITCHES),
        _DESCRIPTION,
        _TAGS,
    ),
    delete=(_END,),
    ref=answer("ReplicaKeyMetadata.KeyId"),
    attributes={"Arn": answer("ReplicaKeyMetadata.Arn"), "KeyId": ID},
    reads={ARN: "kms:DescribeKey kms:GetKeyPolicy kms:ListResourceTags"},
)

ALIAS = ResourceType(
    name="AWS::KMS::Alias",
    service="kms",
    named_by="AliasName",
    create=request("CreateAlias", "TargetKeyId", AliasName=NAME),
    settings=(Setting(put=request("UpdateAlias", "TargetKeyId", AliasName=ID), at_creation=False),),
    delete=(request("DeleteAlias", AliasName=ID),),
    reads={"*": "kms:ListAliases"},
)

RESOURCE_TYPES = (KEY, REPLICA_KEY, ALIAS)
