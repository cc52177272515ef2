"""Finding a key by whatever names it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from moto.kms.models import kms_backends
from moto.moto_api._internal import mock_random

from qa.embedded.regions import is_region

from .lifecycle import settle
from .refusals import invalid, not_found

if TYPE_CHECKING:
    from moto.kms.models import Key, KmsBackend

    from qa.embedded.world import World

KEY_ID = re.compile(r"mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def new_key_id(_: World, multi_region: bool | None = False) -> str:  # noqa: FBT001, FBT002 - moto's signature
    """Return a key ID in AWS's form; a multi-Region one has no hyphens after its prefix."""
    random_id = str(mock_random.uuid4())
    return "mrk-" + random_id.replace("-", "") if multi_region else random_id


def backend_of(world: World, region: str) -> KmsBackend:
    """Return the region's keys. Raises NotFoundException for a region that AWS has not."""
    if not is_region(region):
        raise not_found(f"Invalid arn {region}")
    return kms_backends[world.account_id][region]


def find(world: World, region: str, name: str) -> Key:
    """Return the key that an ID, key ARN, alias name or alias ARN names in a region, as it is by now.

    Raises NotFoundException: there is none, or the ARN is another region's.
    """
    settle(world)
    return stored(backend_of(world, region), name)


def find_key(world: World, region: str, name: str) -> Key:
    """Return the key that an ID or ARN names; an alias is refused, as by the calls that take none."""
    settle(world)
    return stored_key(backend_of(world, region), name)


def stored(backend: KmsBackend, name: str) -> Key:
    """Return the key as `find` does, also one whose time is over and that nothing has removed yet."""
    local = local_part(backend.region_name, name)
    if local.startswith("alias/"):
        key_id = backend.get_key_id_from_alias(local)
        if key_id is None:
            raise not_found(f"Alias {_arn(backend, local)} is not found.")
        return backend.keys[key_id]
    if not name.startswith("arn:") and KEY_ID.fullmatch(local) is None:
        raise not_found(f"Invalid keyId {name}")
    key = backend.keys.get(local)
    if key is None:
        raise not_found(f"Key '{_arn(backend, f'key/{local}')}' does not exist")
    return key


def stored_key(backend: KmsBackend, name: str) -> Key:
    """Return the key as `find_key` does, also one whose time is over."""
    if local_part(backend.region_name, name).startswith("alias/"):
        raise not_found(f"Invalid keyId {name}")
    return stored(backend, name)


def local_part(region: str, name: str) -> str:
    """Return the key ID or alias name inside a name; raises NotFoundException for another region's ARN."""
    if not name:
        raise invalid("1 validation error detected: Value '' at 'keyId' failed to satisfy constraint")
    if not name.startswith("arn:"):
        return name
    parts = name.split(":", 5)
    if len(parts) != 6 or parts[2] != "kms" or not parts[5].startswith(("key/", "alias/")):
        raise not_found(f"Invalid arn {name}")
    if parts[3] != region:
        raise not_found(f"Invalid arn {parts[3]}")
    return parts[5].removeprefix("key/")


def _arn(backend: KmsBackend, what: str) -> str:
    return f"arn:aws:kms:{backend.region_name}:{backend.account_id}:{what}"
