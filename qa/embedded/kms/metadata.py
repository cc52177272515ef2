"""What KMS reports of a key, and the settings of it that can be changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from moto.kms.models import Key, KmsBackend
from moto.kms.responses import KmsResponse

from qa.embedded.patches import Patch, operation, replacement

from . import lifecycle
from .family import extra, is_primary, primary_of, relatives
from .keys import backend_of, find, find_key
from .policy import check_policy
from .refusals import KmsRefusalError, invalid, unsupported

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.embedded.world import World

SECONDS_PER_DAY = 86_400


def _to_dict(original: Callable[[Key], dict[str, Any]], _: World) -> Callable[[Key], dict[str, Any]]:
    """Return the family as it is now, and only members that have a value."""

    def to_dict(self: Key) -> dict[str, Any]:
        metadata = original(self)["KeyMetadata"]
        if self.multi_region:
            metadata["MultiRegionConfiguration"] = _family(self)
        if self.key_state == "PendingReplicaDeletion":
            metadata["PendingDeletionWindowInDays"] = extra(self).pending_window_days
        return {"KeyMetadata": {name: value for name, value in metadata.items() if value is not None}}

    return to_dict


def _family(key: Key) -> dict[str, Any]:
    primary, *replicas = relatives(key)
    return {
        "MultiRegionKeyType": "PRIMARY" if is_primary(key) else "REPLICA",
        "PrimaryKey": {"Arn": primary.arn, "Region": primary.region},
        "ReplicaKeys": [{"Arn": each.arn, "Region": each.region} for each in replicas],
    }


def _create_key(original: Callable[..., Key], world: World) -> Callable[..., Key]:
    """Return the creation with AWS's defaults, and only with policies that it takes."""

    def create_key(
        self: KmsBackend, policy: str | None, key_usage: str, key_spec: str, *args: Any, **kwargs: Any
    ) -> Key:
        if policy is not None:
            check_policy(world, policy)
        return original(
            self, policy, key_usage or "ENCRYPT_DECRYPT", key_spec or "SYMMETRIC_DEFAULT", *args, **kwargs
        )

    return create_key


def _describe_key(world: World, backend: KmsBackend, key_id: str) -> Key:
    """Return the key; moto would turn a primary into a replica."""
    return find(world, backend.region_name, key_id)


def _put_key_policy(world: World, backend: KmsBackend, key_id: str, policy: str) -> None:
    """Store only policies that AWS takes."""
    key = find_key(world, backend.region_name, key_id)
    check_policy(world, policy)
    key.policy = policy


def set_rotation(world: World, key: Key, *, enabled: bool, period_days: int | None = None) -> None:
    """Switch yearly rotation on or off; a replica's is its primary's and cannot be set by it."""
    _require_rotatable(key)
    if period_days is not None and not 90 <= period_days <= 2560:
        raise invalid(f"RotationPeriodInDays must be between 90 and 2560, not {period_days}")
    if enabled and (not key.key_rotation_status or period_days is not None):
        extra(key).rotation_since = world.clock.time()
        extra(key).rotation_period_days = period_days or 365
    key.key_rotation_status = enabled


def _require_rotatable(key: Key) -> None:
    if key.multi_region and not is_primary(key):
        raise unsupported(f"{key.arn} is a replica key: rotation is set on its primary key.")
    lifecycle.require_usable(key)
    if key.key_spec != "SYMMETRIC_DEFAULT":
        raise unsupported(f"{key.arn} is not a symmetric encryption key: it cannot be rotated.")


def _rotate_key_on_demand(world: World, backend: KmsBackend, key_id: str) -> str:
    """Rotate only keys that can be; the material stays as it is."""
    key = find_key(world, backend.region_name, key_id)
    _require_rotatable(key)
    rotation = {"KeyId": key.arn, "RotationDate": world.clock.time(), "RotationType": "ON_DEMAND"}
    key.rotations.append(rotation)
    return str(key.arn)


def _enable_key_rotation(self: KmsResponse, world: World) -> str:
    """Answer in place of moto, which drops the period."""
    key = find_key(world, self.region, self._get_param("KeyId"))
    set_rotation(world, key, enabled=True, period_days=self._get_param("RotationPeriodInDays"))
    return "{}"


def _disable_key_rotation(self: KmsResponse, world: World) -> str:
    """Answer DisableKeyRotation."""
    set_rotation(world, find_key(world, self.region, self._get_param("KeyId")), enabled=False)
    return "{}"


def _get_key_rotation_status(self: KmsResponse, world: World) -> str:
    """Answer with the primary's status, with period and next date."""
    key = find_key(world, self.region, self._get_param("KeyId"))
    owner = primary_of(key)
    response: dict[str, Any] = {"KeyId": key.arn, "KeyRotationEnabled": owner.key_rotation_status}
    if owner.key_rotation_status and owner.key_manager == "CUSTOMER":
        period = extra(owner).rotation_period_days
        response["RotationPeriodInDays"] = period
        response["NextRotationDate"] = extra(owner).rotation_since + period * SECONDS_PER_DAY
    return json.dumps(response)


def _enable_key(world: World, backend: KmsBackend, key_id: str) -> None:
    """Enable the key."""
    lifecycle.enable(find_key(world, backend.region_name, key_id))


def _disable_key(world: World, backend: KmsBackend, key_id: str) -> None:
    """Disable the key."""
    lifecycle.disable(find_key(world, backend.region_name, key_id))


def _cancel_key_deletion(self: KmsResponse, world: World) -> str:
    """Answer CancelKeyDeletion."""
    key = find_key(world, self.region, self._get_param("KeyId"))
    lifecycle.cancel_deletion(key)
    return json.dumps({"KeyId": key.arn})


def _schedule_key_deletion(self: KmsResponse, world: World) -> str:
    """Answer in place of moto, which knows no replicas."""
    key = find_key(world, self.region, self._get_param("KeyId"))
    if key.key_manager == "AWS":
        raise KmsRefusalError("AccessDeniedException", f"{key.arn} is managed by AWS and cannot be deleted.")
    days = int(self._get_param("PendingWindowInDays", 30))
    ends = lifecycle.schedule_deletion(world, key, days)
    response: dict[str, Any] = {"KeyId": key.arn, "KeyState": key.key_state, "PendingWindowInDays": days}
    return json.dumps(response if ends is None else {**response, "DeletionDate": ends})


def _list_aliases(original: Callable[[KmsResponse], str], world: World) -> Callable[[KmsResponse], str]:
    """Return the list without the key IDs that moto invents for keys that AWS has not made yet."""

    def list_aliases(self: KmsResponse) -> str:
        response = json.loads(original(self))
        known = backend_of(world, self.region).keys
        for alias in response["Aliases"]:
            if alias["TargetKeyId"] not in known:
                del alias["TargetKeyId"]
        return json.dumps(response)

    return list_aliases


def _create_alias(original: Callable[[KmsResponse], str], _: World) -> Callable[[KmsResponse], str]:
    """Return the creation without the names of AWS's own keys, which are AWS's."""

    def create_alias(self: KmsResponse) -> str:
        if str(self._get_param("AliasName")).startswith("alias/aws/"):
            raise KmsRefusalError("NotAuthorizedException", "")
        return original(self)

    return create_alias


def _validate_any(world: World, response: KmsResponse, key_id: str) -> None:
    # moto takes another region's ARN for its own
    find(world, response.region, key_id)


def _validate_key(world: World, response: KmsResponse, key_id: str) -> None:
    find_key(world, response.region, key_id)


def _leave_to_judge(world: World, response: KmsResponse, key_id: str, action: str) -> None:
    """Accept: the judge decides, with conditions and resources."""


PATCHES = (
    Patch(owner=Key, name="to_dict", parameters="self", around=_to_dict),
    Patch(
        owner=KmsBackend,
        name="create_key",
        parameters="self, policy, key_usage, key_spec, description, tags, multi_region, origin",
        around=_create_key,
    ),
    replacement(KmsBackend, "describe_key", "self, key_id", _describe_key),
    replacement(KmsBackend, "put_key_policy", "self, key_id, policy", _put_key_policy),
    replacement(KmsBackend, "enable_key", "self, key_id", _enable_key),
    replacement(KmsBackend, "disable_key", "self, key_id", _disable_key),
    replacement(KmsBackend, "rotate_key_on_demand", "self, key_id", _rotate_key_on_demand),
    operation(KmsResponse, "enable_key_rotation", _enable_key_rotation),
    operation(KmsResponse, "disable_key_rotation", _disable_key_rotation),
    operation(KmsResponse, "get_key_rotation_status", _get_key_rotation_status),
    operation(KmsResponse, "cancel_key_deletion", _cancel_key_deletion),
    operation(KmsResponse, "schedule_key_deletion", _schedule_key_deletion),
    Patch(owner=KmsResponse, name="create_alias", parameters="self", around=_create_alias),
    Patch(owner=KmsResponse, name="list_aliases", parameters="self", around=_list_aliases),
    replacement(KmsResponse, "_validate_key_id", "self, key_id", _validate_any),
    replacement(KmsResponse, "_validate_cmk_id", "self, key_id", _validate_key),
    replacement(KmsResponse, "_validate_key_policy", "self, key_id, action", _leave_to_judge),
)
