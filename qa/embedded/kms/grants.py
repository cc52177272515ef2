"""Grants: rights on a key that its policy need not know of, for one principal and some operations."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from moto.kms.responses import KmsResponse

from qa.embedded.judge.statements import principal_exists
from qa.embedded.patches import operation

from .family import extra
from .keys import backend_of, find_key, stored_key
from .lifecycle import require_usable, settle
from .refusals import KmsRefusalError, invalid, not_found, unsupported

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from moto.kms.models import Key, KmsBackend

    from qa.embedded.world import Caller, World

ON_CONTEXT = frozenset(
    {
        "Encrypt",
        "Decrypt",
        "GenerateDataKey",
        "GenerateDataKeyWithoutPlaintext",
        "ReEncryptFrom",
        "ReEncryptTo",
    }
)
"""Operations that an encryption context belongs to, and a constraint on it."""
OF_ANY_KEY = frozenset({"CreateGrant", "DescribeKey", "RetireGrant"})
BY_USAGE = {
    "ENCRYPT_DECRYPT": ON_CONTEXT | OF_ANY_KEY,
    "SIGN_VERIFY": OF_ANY_KEY | {"Sign", "Verify", "GetPublicKey"},
    "GENERATE_VERIFY_MAC": OF_ANY_KEY | {"GenerateMac", "VerifyMac"},
}
CONTEXT_KEY = "kms:EncryptionContext:"
EQUALS, SUBSET = "EncryptionContextEquals", "EncryptionContextSubset"
PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One grant on a key, in force from its creation until it is retired or revoked."""

    grant_id: str
    token: str
    name: str | None
    grantee: str
    retiring: str | None
    operations: tuple[str, ...]
    constraints: Mapping[str, Mapping[str, str]]
    created: float

    def is_to(self, caller: Caller) -> bool:
        """Say whether the caller is the grantee, or a session of the role that is."""
        return self.grantee in (caller.arn, caller.role_arn)

    def may_be_retired_by(self, caller: Caller) -> bool:
        """Say whether the grant itself lets the caller end it; a policy alone never does."""
        if self.retiring is not None and self.retiring in (caller.arn, caller.role_arn):
            return True
        return "RetireGrant" in self.operations and self.is_to(caller)

    def covers(self, operation: str, context: Mapping[str, str | tuple[str, ...]]) -> bool:
        """Say whether the grant allows an operation in a request with these condition keys."""
        if operation not in self.operations:
            return False
        if operation == "CreateGrant":
            return set(context.get("kms:GrantOperations", ())) <= set(self.operations)
        if operation not in ON_CONTEXT:
            return True
        given = {
            key.removeprefix(CONTEXT_KEY): value
            for key, value in context.items()
            if key.startswith(CONTEXT_KEY)
        }
        if EQUALS in self.constraints and given != dict(self.constraints[EQUALS]):
            return False
        return self.constraints.get(SUBSET, {}).items() <= given.items()

    def described(self, key: Key) -> dict[str, Any]:
        """Return the grant as ListGrants reports it."""
        entry = {
            "KeyId": key.arn,
            "GrantId": self.grant_id,
            "Name": self.name,
            "CreationDate": self.created,
            "GranteePrincipal": self.grantee,
            "RetiringPrincipal": self.retiring,
            "IssuingAccount": f"arn:aws:iam::{key.account_id}:root",
            "Operations": list(self.operations),
            "Constraints": dict(self.constraints) or None,
        }
        return {name: value for name, value in entry.items() if value is not None}

    def same_wish(self, other: Grant) -> bool:
        """Say whether both were requested alike, under one name: KMS then keeps the first."""
        return self.name is not None and (
            (self.name, self.grantee, self.retiring, set(self.operations), self.constraints)
            == (other.name, other.grantee, other.retiring, set(other.operations), other.constraints)
        )


def grants_of(key: Key) -> dict[str, Grant]:
    """Return the key's grants by their IDs, mutable."""
    return extra(key).grants


def is_granted(key: Key, caller: Caller, action: str, context: Mapping[str, str | tuple[str, ...]]) -> bool:
    """Say whether a grant on the key lets the caller do what an IAM action names."""
    operation = action.partition(":")[2]
    found = tuple(grants_of(key).values())
    if operation == "RetireGrant":
        return any(grant.may_be_retired_by(caller) for grant in found)
    return any(grant.is_to(caller) and grant.covers(operation, context) for grant in found)


def _create_grant(self: KmsResponse, world: World) -> str:
    """Answer in place of moto, which takes any principal and operation."""
    key = find_key(world, self.region, self._get_param("KeyId"))
    require_usable(key)
    grant = Grant(
        grant_id=secrets.token_hex(32),
        token=secrets.token_urlsafe(96),
        name=self._get_param("Name") or None,
        grantee=_principal(world, key, self._get_param("GranteePrincipal")),
        retiring=_principal(world, key, self._get_param("RetiringPrincipal"))
        if self._get_param("RetiringPrincipal")
        else None,
        operations=_operations(key, self._get_param("Operations") or []),
        constraints=_constraints(key, self._get_param("Constraints") or {}),
        created=world.clock.time(),
    )
    if grant.constraints and "CreateGrant" in grant.operations:
        raise unsupported("the embedded AWS does not model CreateGrant in a grant with constraints")
    if self._get_param("DryRun"):
        raise KmsRefusalError(
            "DryRunOperationException", "The request would have succeeded, but the DryRun option is set."
        )
    grants = grants_of(key)
    kept = next((each for each in grants.values() if each.same_wish(grant)), grant)
    grants[kept.grant_id] = kept
    return json.dumps({"GrantId": kept.grant_id, "GrantToken": kept.token})


def _list_grants(self: KmsResponse, world: World) -> str:
    """Answer in place of moto, which knows no grantee and no pages."""
    key = find_key(world, self.region, self._get_param("KeyId"))
    requested, grantee = self._get_param("GrantId"), self._get_param("GranteePrincipal")
    found = [
        grant.described(key)
        for grant in grants_of(key).values()
        if requested in (None, grant.grant_id) and grantee in (None, grant.grantee)
    ]
    return _page(self, found)


def _list_retirable_grants(self: KmsResponse, world: World) -> str:
    """Answer ListRetirableGrants."""
    principal = self._get_param("RetiringPrincipal")
    found = [
        grant.described(key)
        for key, grant in _all(backend_of(world, self.region))
        if grant.retiring == principal
    ]
    return _page(self, found)


def _revoke_grant(self: KmsResponse, world: World) -> str:
    """Answer RevokeGrant."""
    key = find_key(world, self.region, self._get_param("KeyId"))
    grant = _required(key, self._get_param("GrantId"))
    _end(self, key, grant)
    return "{}"


def _retire_grant(self: KmsResponse, world: World) -> str:
    """Answer in place of moto: only whom the grant names may end it so."""
    settle(world)
    key, grant = named_grant(
        backend_of(world, self.region),
        token=self._get_param("GrantToken"),
        key_id=self._get_param("KeyId"),
        grant_id=self._get_param("GrantId"),
    )
    caller = world.authorizer.current()
    if not grant.may_be_retired_by(caller):
        raise KmsRefusalError(
            "AccessDeniedException",
            f"User: {caller.arn} is not authorized to perform: kms:RetireGrant on resource: {key.arn} "
            "because the grant does not name it",
        )
    _end(self, key, grant)
    return "{}"


def named_grant(
    backend: KmsBackend, *, token: str | None, key_id: str | None, grant_id: str | None
) -> tuple[Key, Grant]:
    """Return a grant and its key by its token, or by key and ID. Raises KmsRefusalError."""
    if token:
        for key, grant in _all(backend):
            if grant.token == token:
                return key, grant
        raise KmsRefusalError("InvalidGrantTokenException", "The grant token is not valid.")
    if not key_id or not grant_id:
        raise invalid("Either a grant token, or a key ARN and a grant ID are required.")
    key = stored_key(backend, key_id)
    return key, _required(key, grant_id)


def _required(key: Key, grant_id: str) -> Grant:
    grant = grants_of(key).get(grant_id)
    if grant is None:
        raise not_found(f"Grant ID {grant_id} not found")
    return grant


def _end(response: KmsResponse, key: Key, grant: Grant) -> None:
    if response._get_param("DryRun"):
        raise KmsRefusalError(
            "DryRunOperationException", "The request would have succeeded, but the DryRun option is set."
        )
    grants_of(key).pop(grant.grant_id, None)


def _all(backend: KmsBackend) -> Iterator[tuple[Key, Grant]]:
    for key in tuple(backend.keys.values()):
        for grant in tuple(grants_of(key).values()):
            yield key, grant


def _principal(world: World, key: Key, name: str) -> str:
    if name == f"arn:aws:iam::{key.account_id}:root":
        raise unsupported("the embedded AWS does not model grants to a whole account")
    if not name.startswith("arn:") or not principal_exists("AWS", name, key.account_id, world.identities):
        raise KmsRefusalError("InvalidArnException", f"ARN does not refer to a valid principal: {name}")
    return name


def _operations(key: Key, requested: list[str]) -> tuple[str, ...]:
    unfit = sorted(set(requested) - BY_USAGE.get(key.key_usage, OF_ANY_KEY))
    if unfit or not requested:
        raise invalid(f"Operations {unfit} cannot be granted on a key of usage {key.key_usage}.")
    return tuple(requested)


def _constraints(key: Key, requested: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    if other := sorted(set(requested) - {EQUALS, SUBSET}):
        raise unsupported(f"the embedded AWS does not model {', '.join(other)} in the constraints of a grant")
    if requested and key.key_spec != "SYMMETRIC_DEFAULT":
        raise invalid("An encryption context constraint needs a symmetric encryption key.")
    return {name: dict(pairs) for name, pairs in requested.items()}


def _page(response: KmsResponse, found: list[dict[str, Any]]) -> str:
    marker = response._get_param("Marker") or "0"
    if not (marker.isascii() and marker.isdigit()):
        raise KmsRefusalError("InvalidMarkerException", f"Could not parse marker: {marker}")
    start = int(marker)
    end = start + int(response._get_param("Limit") or PAGE)
    page: dict[str, Any] = {"Grants": found[start:end], "Truncated": end < len(found)}
    return json.dumps({**page, "NextMarker": str(end)} if page["Truncated"] else page)


PATCHES = (
    operation(KmsResponse, "create_grant", _create_grant),
    operation(KmsResponse, "list_grants", _list_grants),
    operation(KmsResponse, "list_retirable_grants", _list_retirable_grants),
    operation(KmsResponse, "revoke_grant", _revoke_grant),
    operation(KmsResponse, "retire_grant", _retire_grant),
)
