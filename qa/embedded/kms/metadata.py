"""What KMS tells of a key, and the settings of it that can be changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from moto.kms.models import Key, KmsBackend
from moto.kms.responses import KmsResponse

from . import lifecycle
from .current import world
from .family import extra, is_primary, primary_of, relatives
from .keys import backend_of, find, find_key
from .policy import check_policy
from .refusals import KmsRefusalError, invalid, unsupported

if TYPE_CHECKING:
    from collections.abc import Callable

_to_dict = Key.to_dict
_create_key = KmsBackend.create_key
_list_aliases = KmsResponse.list_aliases
_create_alias = KmsResponse.create_alias
SECONDS_PER_DAY = 86_400


def to_dict(self: Key) -> dict[str, Any]:
    """Wrap Key.to_dict: the family as it is now, and only members that have a value."""
    told = _to_dict(self)["KeyMetadata"]
    if self.multi_region:
        told["MultiRegionConfiguration"] = _family(self)
    if self.key_state == "PendingReplicaDeletion":
        told["PendingDeletionWindowInDays"] = extra(self).pending_window_days
    return {"KeyMetadata": {name: value for name, value in told.items() if value is not None}}


def _family(key: Key) -> dict[str, Any]:
    primary, *replicas = relatives(key)
    return {
        "MultiRegionKeyType": "PRIMARY" if is_primary(key) else "REPLICA",
        "PrimaryKey": {"Arn": primary.arn, "Region": primary.region},
        "ReplicaKeys": [{"Arn": each.arn, "Region": each.region} for each in replicas],
    }


def create_key(
    self: KmsBackend, policy: str | None, key_usage: str, key_spec: str, *args: Any, **kwargs: Any
) -> Key:
    """Wrap KmsBackend.create_key: defaults as AWS has them, and only policies that it takes."""
    if policy is not None:
        check_policy(policy, account_id=self.account_id, caller=world().authorizer.current())
    return _create_key(
        self, policy, key_usage or "ENCRYPT_DECRYPT", key_spec or "SYMMETRIC_DEFAULT", *args, **kwargs
    )


def describe_key(self: KmsBackend, key_id: str) -> Key:
    """Replace KmsBackend.describe_key, which turns a primary into a replica."""
    return find(self.region_name, key_id)


def put_key_policy(self: KmsBackend, key_id: str, policy: str) -> None:
    """Replace KmsBackend.put_key_policy: only policies that AWS takes."""
    key = find_key(self.region_name, key_id)
    check_policy(policy, account_id=self.account_id, caller=world().authorizer.current())
    key.policy = policy


def set_rotation(key: Key, *, enabled: bool, period_days: int | None = None) -> None:
    """Switch yearly rotation on or off; a replica's is its primary's and cannot be set by it."""
    _require_rotatable(key)
    if period_days is not None and not 90 <= period_days <= 2560:
        raise invalid(f"RotationPeriodInDays must be between 90 and 2560, not {period_days}")
    if enabled and (not key.key_rotation_status or period_days is not None):
        extra(key).rotation_since = world().clock.time()
        extra(key).rotation_period_days = period_days or 365
    key.key_rotation_status = enabled


def _require_rotatable(key: Key) -> None:
    if key.multi_region and not is_primary(key):
        raise unsupported(f"{key.arn} is a replica key: rotation is set on its primary key.")
    lifecycle.require_usable(key)
    if key.key_spec != "SYMMETRIC_DEFAULT":
        raise unsupported(f"{key.arn} is not a symmetric encryption key: it cannot be rotated.")


def rotate_key_on_demand(self: KmsBackend, key_id: str) -> str:
    """Replace KmsBackend.rotate_key_on_demand, which rotates any key; the material stays as it is."""
    key = find_key(self.region_name, key_id)
    _require_rotatable(key)
    rotation = {"KeyId": key.arn, "RotationDate": world().clock.time(), "RotationType": "ON_DEMAND"}
    key.rotations.append(rotation)
    return str(key.arn)


def enable_key_rotation(self: KmsResponse) -> str:
    """Replace KmsResponse.enable_key_rotation, which drops the period."""
    key = find_key(self.region, self._get_param("KeyId"))
    set_rotation(key, enabled=True, period_days=self._get_param("RotationPeriodInDays"))
    return "{}"


def disable_key_rotation(self: KmsResponse) -> str:
    """Replace KmsResponse.disable_key_rotation."""
    set_rotation(find_key(self.region, self._get_param("KeyId")), enabled=False)
    return "{}"


def get_key_rotation_status(self: KmsResponse) -> str:
    """Replace KmsResponse.get_key_rotation_status: the primary's, with period and next date."""
    key = find_key(self.region, self._get_param("KeyId"))
    owner = primary_of(key)
    told: dict[str, Any] = {"KeyId": key.arn, "KeyRotationEnabled": owner.key_rotation_status}
    if owner.key_rotation_status and owner.key_manager == "CUSTOMER":
        period = extra(owner).rotation_period_days
        told["RotationPeriodInDays"] = period
        told["NextRotationDate"] = extra(owner).rotation_since + period * SECONDS_PER_DAY
    return json.dumps(told)


def enable_key(self: KmsBackend, key_id: str) -> None:
    """Replace KmsBackend.enable_key."""
    lifecycle.enable(find_key(self.region_name, key_id))


def disable_key(self: KmsBackend, key_id: str) -> None:
    """Replace KmsBackend.disable_key."""
    lifecycle.disable(find_key(self.region_name, key_id))


def cancel_key_deletion(self: KmsResponse) -> str:
    """Replace KmsResponse.cancel_key_deletion."""
    key = find_key(self.region, self._get_param("KeyId"))
    lifecycle.cancel_deletion(key)
    return json.dumps({"KeyId": key.arn})


def schedule_key_deletion(self: KmsResponse) -> str:
    """Replace KmsResponse.schedule_key_deletion, which knows no replicas."""
    key = find_key(self.region, self._get_param("KeyId"))
    if key.key_manager == "AWS":
        raise KmsRefusalError("AccessDeniedException", f"{key.arn} is managed by AWS and cannot be deleted.")
    days = int(self._get_param("PendingWindowInDays", 30))
    ends = lifecycle.schedule_deletion(key, days)
    told: dict[str, Any] = {"KeyId": key.arn, "KeyState": key.key_state, "PendingWindowInDays": days}
    return json.dumps(told if ends is None else {**told, "DeletionDate": ends})


def list_aliases(self: KmsResponse) -> str:
    """Wrap KmsResponse.list_aliases: moto invents key IDs for keys that AWS has not made yet."""
    told = json.loads(_list_aliases(self))
    known = backend_of(self.region).keys
    for alias in told["Aliases"]:
        if alias["TargetKeyId"] not in known:
            del alias["TargetKeyId"]
    return json.dumps(told)


def create_alias(self: KmsResponse) -> str:
    """Wrap KmsResponse.create_alias: the names of AWS's own keys are AWS's."""
    if str(self._get_param("AliasName")).startswith("alias/aws/"):
        raise KmsRefusalError("NotAuthorizedException", "")
    return _create_alias(self)


def validate_any(self: KmsResponse, key_id: str) -> None:
    """Replace KmsResponse._validate_key_id, which takes another region's ARN for its own."""
    find(self.region, key_id)


def validate_key(self: KmsResponse, key_id: str) -> None:
    """Replace KmsResponse._validate_cmk_id, for the same reason."""
    find_key(self.region, key_id)


def leave_to_iam(self: KmsResponse, key_id: str, action: str) -> None:
    """Replace KmsResponse._validate_key_policy: the iam package decides, with conditions and resources."""


HOOKS: tuple[tuple[type, str, Callable[..., Any]], ...] = (
    (Key, "to_dict", to_dict),
    (KmsBackend, "create_key", create_key),
    (KmsBackend, "describe_key", describe_key),
    (KmsBackend, "put_key_policy", put_key_policy),
    (KmsBackend, "enable_key", enable_key),
    (KmsBackend, "disable_key", disable_key),
    (KmsBackend, "rotate_key_on_demand", rotate_key_on_demand),
    (KmsResponse, "enable_key_rotation", enable_key_rotation),
    (KmsResponse, "disable_key_rotation", disable_key_rotation),
    (KmsResponse, "get_key_rotation_status", get_key_rotation_status),
    (KmsResponse, "cancel_key_deletion", cancel_key_deletion),
    (KmsResponse, "schedule_key_deletion", schedule_key_deletion),
    (KmsResponse, "create_alias", create_alias),
    (KmsResponse, "list_aliases", list_aliases),
    (KmsResponse, "_validate_key_id", validate_any),
    (KmsResponse, "_validate_cmk_id", validate_key),
    (KmsResponse, "_validate_key_policy", leave_to_iam),
)
