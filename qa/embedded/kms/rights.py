"""KMS: an operation on a key, however named, as rights on key and alias ARNs."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from moto.kms.models import kms_backends

from qa.embedded.service.rights import Call, Need, each, everywhere, service_role, tagged

from .access import key_named
from .ciphertext import key_id_of
from .grants import named_grant
from .refusals import KmsRefusalError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from moto.kms.models import Key

    from qa.embedded.service.rights import Needs

DETAILS = {
    "EncryptionAlgorithm": "kms:EncryptionAlgorithm",
    "PendingWindowInDays": "kms:ScheduleKeyDeletionPendingWindowInDays",
    "ReplicaRegion": "kms:ReplicaRegion",
    "PrimaryRegion": "kms:PrimaryRegion",
    "GranteePrincipal": "kms:GranteePrincipal",
}


def _key(call: Call, name: str | None) -> Key | None:
    """Return the key that an ID, ARN or alias means; None leaves the refusal to KMS itself."""
    return key_named(name, region=call.region, account_id=call.account_id)


def _needs(call: Call, key: Key | None, *, action: str, context: Mapping[str, Any]) -> Iterable[Need]:
    if key is None:
        return ()  # KMS answers NotFoundException, for any caller
    keys = {"kms:CallerAccount": call.account_id, **context}
    return (Need(action=f"kms:{action}", resource=key.arn, context=keys),)


def _with_context(encryption_context: Mapping[str, str] | None) -> dict[str, str | tuple[str, ...]]:
    pairs = encryption_context or {}
    keys: dict[str, str | tuple[str, ...]] = {
        f"kms:EncryptionContext:{name}": value for name, value in pairs.items()
    }
    return keys | ({"kms:EncryptionContextKeys": tuple(sorted(pairs))} if pairs else {})


def _alias_used(name: object) -> dict[str, str]:
    given = str(name or "")
    return {"kms:RequestAlias": given[given.index("alias/") :]} if "alias/" in given else {}


def _details(call: Call) -> dict[str, str | tuple[str, ...]]:
    details = {key: str(call.get(name)) for name, key in DETAILS.items() if call.get(name) is not None}
    return {**details, **_alias_used(call.get("KeyId")), **_with_context(call.get("EncryptionContext"))}


def _on_key(call: Call) -> Iterable[Need]:
    return _needs(call, _key(call, call.get("KeyId")), action=call.operation, context=_details(call))


def _decrypt(call: Call) -> Iterable[Need]:
    key = _key(call, call.get("KeyId")) or _sealing_key(call, call.get("CiphertextBlob"))
    return _needs(call, key, action="Decrypt", context=_details(call))


def _re_encrypt(call: Call) -> Iterable[Need]:
    source = _key(call, call.get("SourceKeyId")) or _sealing_key(call, call.get("CiphertextBlob"))
    yield from _needs(
        call, source, action="ReEncryptFrom", context=_with_context(call.get("SourceEncryptionContext"))
    )
    yield from _needs(
        call,
        _key(call, call.get("DestinationKeyId")),
        action="ReEncryptTo",
        context=_with_context(call.get("DestinationEncryptionContext")),
    )


def _sealing_key(call: Call, ciphertext: bytes | None) -> Key | None:
    with suppress(KmsRefusalError):  # garbage names no key; KMS itself says so
        return _key(call, key_id_of(ciphertext or b""))
    return None


def _grant(call: Call) -> Iterable[Need]:
    context = {
        **_details(call),
        "kms:GrantIsForAWSResource": "false",
        "kms:GrantOperations": tuple(call.get("Operations") or ()),
    }
    return _needs(call, _key(call, call.get("KeyId")), action=call.operation, context=context)


def _retire(call: Call) -> Iterable[Need]:
    with suppress(KmsRefusalError):  # a grant that is not there: KMS itself says so
        key, _ = named_grant(
            kms_backends[call.account_id][call.region],
            token=call.get("GrantToken"),
            key_id=call.get("KeyId"),
            grant_id=call.get("GrantId"),
        )
        yield from _needs(call, key, action="RetireGrant", context={})


def _alias(call: Call) -> Iterable[Need]:
    """Yield the rights on the alias and on every key that it names or named."""
    name = str(call.get("AliasName"))
    keys = {key.arn: key for key in (_key(call, call.get("TargetKeyId")),) if key is not None}
    if call.operation != "CreateAlias" and (former := _key(call, name)) is not None:
        keys[former.arn] = former
    context = {"kms:CallerAccount": call.account_id, "kms:RequestAlias": name}
    yield Need(action=f"kms:{call.operation}", resource=call.arn(name), context=context)
    for key in keys.values():
        yield from _needs(call, key, action=call.operation, context={"kms:RequestAlias": name})


def _create(call: Call) -> Iterable[Need]:
    yield Need(action="kms:CreateKey")
    if call.get("MultiRegion"):
        yield service_role(
            call, "mrk.kms.amazonaws.com", "AWSServiceRoleForKeyManagementServiceMultiRegionKeys"
        )


def _replicate(call: Call) -> Iterable[Need]:
    """Yield the right on the primary, and that to make a key where the replica is to be."""
    yield from _on_key(call)
    yield Need(action="kms:CreateKey", region=str(call.get("ReplicaRegion")))


RIGHTS: dict[str, Needs] = (
    each(
        "Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext DescribeKey GetKeyPolicy PutKeyPolicy "
        "ListKeyPolicies GetKeyRotationStatus EnableKeyRotation DisableKeyRotation RotateKeyOnDemand "
        "ListKeyRotations EnableKey DisableKey ScheduleKeyDeletion CancelKeyDeletion UpdateKeyDescription "
        "TagResource UntagResource ListResourceTags ListGrants RevokeGrant UpdatePrimaryRegion "
        "Sign Verify GenerateMac VerifyMac GetPublicKey",
        _on_key,
    )
    | {"Decrypt": _decrypt, "ReEncrypt": _re_encrypt, "CreateGrant": _grant, "RetireGrant": _retire}
    | each("CreateAlias UpdateAlias DeleteAlias", _alias)
    | {"CreateKey": tagged(_create, "kms:TagResource"), "ReplicateKey": _replicate}
    | each("ListKeys ListAliases ListRetirableGrants GenerateRandom", everywhere("kms"))
)


def policy_of(region: str, rest: str, account_id: str) -> Any:
    """Return the policy of a key, by the rest of its ARN; None without such a key."""
    key = kms_backends[account_id][region].keys.get(rest.removeprefix("key/"))
    return None if key is None else key.policy
