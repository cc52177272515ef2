"""KMS: keys whose state and region matter, multi-Region keys, and the keys that AWS manages."""

from __future__ import annotations

from .managed import managed_key_arn
from .messages import RECEIVING, SENDING, Holder, KeyOfMessagesError, use_key_of
from .patches import PATCHES
from .refusals import KmsRefusalError
from .service import DataKey, decrypt, encrypt, generate_data_key, use_key

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
    "managed_key_arn",
    "use_key",
    "use_key_of",
]
