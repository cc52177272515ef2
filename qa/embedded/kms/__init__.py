"""KMS: keys whose state and region matter, multi-Region keys, and the keys that AWS manages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.embedded.patches import apply

from .managed import managed_key_arn
from .messages import RECEIVING, SENDING, Holder, KeyOfMessagesError, use_key_of
from .patches import PATCHES
from .refusals import KmsRefusalError
from .service import DataKey, decrypt, encrypt, generate_data_key, use_key

if TYPE_CHECKING:
    from qa.embedded.world import World

__all__ = [
    "PATCHES",
    "RECEIVING",
    "SENDING",
    "DataKey",
    "Holder",
    "KeyOfMessagesError",
    "KmsRefusalError",
    "decrypt",
    "encrypt",
    "generate_data_key",
    "install",
    "managed_key_arn",
    "use_key",
    "use_key_of",
]


def install(world: World) -> None:
    """Put our KMS in moto's place until the world closes."""
    world.on_close(apply(PATCHES, world))
