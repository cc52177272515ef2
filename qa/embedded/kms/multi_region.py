"""Multi-Region keys: one material and one ID, but a policy, state and alias of each region's own."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

from moto.kms.models import Key, kms_backends
from moto.kms.responses import KmsResponse

from qa.embedded.patches import operation

from .family import is_primary, make_primary, relatives
from .keys import backend_of, find_key
from .lifecycle import require_usable
from .policy import check_policy
from .refusals import KmsRefusalError, invalid, unsupported

if TYPE_CHECKING:
    from qa.embedded.world import World

_lock = threading.Lock()


def replicate(
    world: World,
    key: Key,
    region: str,
    *,
    policy: str | None = None,
    description: str = "",
    tags: tuple[dict[str, str], ...] = (),
) -> Key:
    """Make the key's replica in another region and return it.

    Raises UnsupportedOperationException for a key that is not a multi-Region primary,
    AlreadyExistsException where there is one already.
    """
    _require_primary(key)
    require_usable(key)
    if region not in kms_backends[key.account_id].regions:
        raise invalid(f"{region!r} is not a region that KMS is in")
    if policy is not None:
        check_policy(world, policy)
    target = backend_of(world, region)
    with _lock:
        if key.id in target.keys:
            raise KmsRefusalError("AlreadyExistsException", f"{target.keys[key.id].arn} already exists")
        replica = Key(  # type: ignore[abstract]  # moto's own classes leave abstract methods open
            policy=policy,
            key_usage=key.key_usage,
            key_spec=key.key_spec,
            description=description,
            account_id=key.account_id,
            region=region,
            multi_region=True,
            origin=key.origin,
        )
        replica.id = key.id
        replica.arn = key.arn.replace(f":{key.region}:", f":{region}:")
        replica.key_material, replica.private_key = key.key_material, key.private_key
        make_primary(key, (replica,))
        target.keys[key.id] = replica
    if tags:
        target.tagger.tag_resource(replica.id, list(tags))
    return replica


def _replicate_key(self: KmsResponse, world: World) -> str:
    """Replace KmsResponse.replicate_key, whose copy shares aliases and state with the primary."""
    tags = tuple(self._get_param("Tags", []))
    replica = replicate(
        world,
        find_key(world, self.region, self._get_param("KeyId")),
        self._get_param("ReplicaRegion"),
        policy=self._get_param("Policy"),
        description=self._get_param("Description", ""),
        tags=tags,
    )
    answer: dict[str, Any] = {
        "ReplicaKeyMetadata": replica.to_dict()["KeyMetadata"],
        "ReplicaPolicy": replica.policy,
        "ReplicaTags": list(tags),
    }
    return json.dumps(answer)


def _update_primary_region(self: KmsResponse, world: World) -> str:
    """Serve UpdatePrimaryRegion, which moto does not have: primary and replica change places."""
    key = find_key(world, self.region, self._get_param("KeyId"))
    _require_primary(key)
    region = self._get_param("PrimaryRegion")
    family = relatives(key)
    chosen = next((each for each in family if each.region == region and each is not key), None)
    if chosen is None:
        raise KmsRefusalError("NotFoundException", f"{key.arn} has no replica key in {region}.")
    require_usable(key)
    require_usable(chosen)
    chosen.key_rotation_status = key.key_rotation_status
    make_primary(chosen, family)
    return "{}"


def _require_primary(key: Key) -> None:
    if not key.multi_region:
        raise unsupported(f"{key.arn} is not a multi-Region key.")
    if not is_primary(key):
        raise unsupported(f"{key.arn} is not a multi-Region primary key.")


PATCHES = (
    operation(KmsResponse, "replicate_key", _replicate_key),
    operation(KmsResponse, "update_primary_region", _update_primary_region, is_added=True),
)
