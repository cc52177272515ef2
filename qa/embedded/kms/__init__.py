"""KMS: keys whose state and region matter, multi-Region keys, and the keys that AWS manages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import moto.kms.models
from moto.kms.models import KmsBackend
from moto.kms.responses import KmsResponse
from moto.kms.utils import generate_private_key

from . import grants, metadata, models, multi_region, operations
from .current import set_world
from .keys import new_key_id
from .managed import key_id_from_alias, managed_key_arn
from .refusals import KmsRefusalError
from .service import DataKey, decrypt, generate_data_key, use_key

if TYPE_CHECKING:
    from moto.kms.utils import AbstractPrivateKey

    from qa.embedded.world import World

__all__ = [
    "HOOKS",
    "DataKey",
    "KmsRefusalError",
    "decrypt",
    "generate_data_key",
    "install",
    "managed_key_arn",
    "models",
    "use_key",
]

HOOKS = (
    *operations.HOOKS,
    *grants.HOOKS,
    *metadata.HOOKS,
    *multi_region.HOOKS,
    (KmsBackend, "get_key_id_from_alias", key_id_from_alias),
)


def install(world: World) -> None:
    """Put our KMS in moto's place, for this world. Raises AttributeError if moto's has moved."""
    set_world(world)
    for owner, name, ours in HOOKS:
        getattr(owner, name)
        setattr(owner, name, ours)
    for name, replacement in (("generate_key_id", new_key_id), ("generate_private_key", _private_key)):
        getattr(moto.kms.models, name)
        setattr(moto.kms.models, name, replacement)
    # a public method of the response class is an operation of the service
    KmsResponse.update_primary_region = multi_region.update_primary_region  # type: ignore[attr-defined]  # moto has none


def _private_key(key_spec: str) -> AbstractPrivateKey | None:
    # moto makes an RSA key for symmetric keys too: 50 ms each for nothing
    symmetric = key_spec == "SYMMETRIC_DEFAULT" or key_spec.startswith("HMAC")
    return None if symmetric else generate_private_key(key_spec)
