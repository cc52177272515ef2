"""What KMS adds to the judge: the condition keys that its keys carry, and grants."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from moto.kms.models import kms_backends

from .grants import is_granted

if TYPE_CHECKING:
    from moto.kms.models import Key

    from qa.embedded.world import Decision, Question

ARN_PARTS = 6
RETIRING = "kms:RetireGrant"
USES = frozenset({"kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo"})


def key_named(name: str | None, *, region: str, account_id: str) -> Key | None:
    """Return the key that an ID, ARN, alias or alias ARN means; None when there is none."""
    if not name:
        return None
    backend = kms_backends[account_id][region]
    parts = name.split(":", ARN_PARTS - 1)
    rest = parts[-1] if name.startswith("arn:") and len(parts) == ARN_PARTS else name
    if rest.startswith("alias/"):
        found = backend.get_key_id_from_alias(rest)
        return None if found is None else backend.keys.get(found)
    return backend.keys.get(rest.removeprefix("key/"))


def context_of(arn: str, action: str, account_id: str) -> dict[str, str | tuple[str, ...]]:
    """Return the condition keys that every use of a key carries; empty for another resource's ARN."""
    if not arn.startswith("arn:aws:kms:") or ":key/" not in arn:
        return {}
    key = key_named(arn, region=arn.split(":")[3], account_id=account_id)
    if key is None:
        return {}
    keys: dict[str, str | tuple[str, ...]] = {
        # moto keeps None for what CreateKey leaves to its defaults
        "kms:KeyOrigin": key.origin or "AWS_KMS",
        "kms:KeySpec": key.key_spec or "SYMMETRIC_DEFAULT",
        "kms:KeyUsage": key.key_usage or "ENCRYPT_DECRYPT",
        "kms:MultiRegion": str(bool(key.multi_region)).lower(),
    }
    if key.aliases:
        keys["kms:ResourceAliases"] = tuple(sorted(key.aliases))
    if action in USES:
        keys["kms:EncryptionAlgorithm"] = "SYMMETRIC_DEFAULT"
    return keys


def decide(question: Question, decision: Decision, account_id: str) -> Decision:
    """Return the decision once grants have had their say: one may allow what no policy denies."""
    retires = question.action == RETIRING  # no policy alone allows that
    if decision.explicit_deny or (decision.allowed and not retires):
        return decision
    key = key_named(question.resource, region=question.region, account_id=account_id)
    granted = key is not None and is_granted(key, question.caller, question.action, question.context)
    return replace(decision, allowed=granted)
