"""What other services ask KMS for on behalf of their callers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.embedded.world import Question

from .keys import backend_of, find
from .lifecycle import require_usable
from .refusals import KmsRefusalError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.embedded.world import Caller, World


@dataclass(frozen=True, slots=True, kw_only=True)
class DataKey:
    """A fresh 32-byte key in both forms, and the ARN of the KMS key that sealed it."""

    plaintext: bytes
    ciphertext: bytes
    key_arn: str


def use_key(
    world: World,
    *,
    action: str,
    region: str,
    key: str,
    caller: Caller,
    via_service: str,
    encryption_context: Mapping[str, str],
) -> str:
    """Return the ARN of a key that the caller may use through a service, for one action.

    `action` is e.g. kms:Decrypt, `key` an ID, ARN or alias in `region`, `via_service` e.g.
    s3.us-east-1.amazonaws.com. Raises KmsRefusalError: no such key, disabled, or not allowed.
    """
    found = find(world, region, key)
    context: dict[str, str | tuple[str, ...]] = {
        f"kms:EncryptionContext:{name}": value for name, value in encryption_context.items()
    }
    context |= {
        "kms:EncryptionContextKeys": tuple(sorted(encryption_context)),
        "kms:ViaService": via_service,
        "kms:CallerAccount": world.account_id,
    }
    decision = world.authorizer.decide(
        Question(caller=caller, action=action, resource=found.arn, region=region, context=context)
    )
    if not decision.allowed:
        raise KmsRefusalError("AccessDeniedException", _denial(caller, action, found.arn, decision.reason))
    require_usable(found)
    return str(found.arn)


def generate_data_key(
    world: World,
    *,
    region: str,
    key_arn_or_id: str,
    caller: Caller,
    via_service: str,
    encryption_context: Mapping[str, str],
) -> DataKey:
    """Return a fresh data key under a KMS key, for a caller; raises KmsRefusalError as use_key."""
    arn = use_key(
        world,
        action="kms:GenerateDataKey",
        region=region,
        key=key_arn_or_id,
        caller=caller,
        via_service=via_service,
        encryption_context=encryption_context,
    )
    plaintext, ciphertext, _ = backend_of(world, region).generate_data_key(
        arn, dict(encryption_context), 32, "AES_256"
    )
    return DataKey(plaintext=plaintext, ciphertext=ciphertext, key_arn=arn)


def encrypt(
    world: World,
    *,
    region: str,
    key: str,
    plaintext: bytes,
    caller: Caller,
    via_service: str,
    encryption_context: Mapping[str, str],
) -> bytes:
    """Return a text sealed under a KMS key itself, for a caller; raises KmsRefusalError as use_key."""
    arn = use_key(
        world,
        action="kms:Encrypt",
        region=region,
        key=key,
        caller=caller,
        via_service=via_service,
        encryption_context=encryption_context,
    )
    ciphertext, _ = backend_of(world, region).encrypt(arn, plaintext, dict(encryption_context))
    return bytes(ciphertext)


def decrypt(
    world: World,
    *,
    region: str,
    key_arn_or_id: str,
    ciphertext: bytes,
    caller: Caller,
    via_service: str,
    encryption_context: Mapping[str, str],
) -> bytes:
    """Return what a ciphertext holds, for a caller; raises KmsRefusalError as use_key."""
    arn = use_key(
        world,
        action="kms:Decrypt",
        region=region,
        key=key_arn_or_id,
        caller=caller,
        via_service=via_service,
        encryption_context=encryption_context,
    )
    plaintext, _ = backend_of(world, region).decrypt(ciphertext, dict(encryption_context), arn)
    return bytes(plaintext)


def _denial(caller: Caller, action: str, resource: str, reason: str) -> str:
    who = caller.arn or caller.service or "anonymous"
    return f"User: {who} is not authorized to perform: {action} on resource: {resource} {reason}".rstrip()
