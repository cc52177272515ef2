"""What of moto's KMS is patched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import moto.kms.models
from moto.kms.models import KmsBackend

from qa.embedded.patches import Patch, replacement

from . import grants, metadata, multi_region, operations
from .keys import new_key_id
from .managed import key_id_from_alias

if TYPE_CHECKING:
    from collections.abc import Callable

    from moto.kms.utils import AbstractPrivateKey

    from qa.embedded.world import World

    Generate = Callable[[str], AbstractPrivateKey | None]


def _private_key(original: Generate, _: World) -> Generate:
    def generate_private_key(key_spec: str) -> AbstractPrivateKey | None:
        # moto makes an RSA key for symmetric keys too: 50 ms each for nothing
        symmetric = key_spec == "SYMMETRIC_DEFAULT" or key_spec.startswith("HMAC")
        return None if symmetric else original(key_spec)

    return generate_private_key


PATCHES = (
    *operations.PATCHES,
    *grants.PATCHES,
    *metadata.PATCHES,
    *multi_region.PATCHES,
    replacement(KmsBackend, "get_key_id_from_alias", "self, alias_name", key_id_from_alias),
    replacement(moto.kms.models, "generate_key_id", "multi_region", new_key_id),
    Patch(owner=moto.kms.models, name="generate_private_key", parameters="key_spec", around=_private_key),
)
