"""The condition keys that every request has, and which of AWS's keys are modelled at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.embedded.service.declaration import service_named

from .errors import NotModelledError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from qa.embedded.service.rights import ContextValues
    from qa.embedded.world import Caller, Question, World

    from .identities import Identity

# Keys that a request may lack because it is another kind of request; a policy that uses any other key
# that the request has not gets no answer, since AWS might have had a value.
MODELLED = re.compile(
    r"aws:(CurrentTime|EpochTime|SecureTransport|SourceIp|UserAgent|Referer|username|userid|PrincipalArn"
    r"|PrincipalAccount|PrincipalType|PrincipalIsAWSService|PrincipalServiceName|PrincipalTag/.+"
    r"|RequestedRegion|ResourceAccount|SourceAccount|SourceArn|SourceOwner|ViaAWSService"
    r"|CalledVia|CalledViaFirst|CalledViaLast|FederatedProvider|MultiFactorAuthPresent|MultiFactorAuthAge"
    # an account outside an organization, without VPC endpoints: the real requests lack these too
    r"|PrincipalOrgID|PrincipalOrgPaths|ResourceOrgID|ResourceOrgPaths|SourceOrgID|SourceOrgPaths"
    r"|SourceVpc|SourceVpce|VpcSourceIp)"
    r"|kms:(ViaService|CallerAccount|EncryptionContext:.+|EncryptionContextKeys|GrantIsForAWSResource"
    r"|GrantOperations|GranteePrincipal|RequestAlias|ResourceAliases|MultiRegion|KeySpec|KeyUsage|KeyOrigin"
    r"|EncryptionAlgorithm|ScheduleKeyDeletionPendingWindowInDays|ReplicaRegion|PrimaryRegion)"
    r"|s3:(prefix|delimiter|max-keys|VersionId|x-amz-acl|x-amz-server-side-encryption"
    r"|x-amz-server-side-encryption-aws-kms-key-id|x-amz-storage-class|x-amz-copy-source|x-amz-content-sha256"
    r"|x-amz-metadata-directive|x-amz-grant-[a-z-]+|authType|signatureversion|if-match|if-none-match)"
    r"|dynamodb:(LeadingKeys|Select|ReturnValues)"
    r"|sns:(Protocol|Endpoint)"
    r"|lambda:(Principal|FunctionArn)"
    r"|iam:(AWSServiceName|PassedToService|PolicyARN|PermissionsBoundary)"
    r"|sts:(ExternalId|RoleSessionName)"
    r"|cloudwatch:(namespace|AlarmActions)",
    re.IGNORECASE,
)


def context_of(world: World, question: Question, identity: Identity | None) -> dict[str, tuple[str, ...]]:
    """Return all condition keys of a question: the caller's, the moment's and its own, which win."""
    account_id, now = world.account_id, world.clock.now()
    carried = _of_resource(world, question)
    values = {key.lower(): _several(value) for key, value in {**carried, **question.context}.items()}
    general = {
        "aws:CurrentTime": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "aws:EpochTime": str(int(now.timestamp())),
        "aws:RequestedRegion": question.region,
        "aws:ResourceAccount": account_id,
        "aws:SecureTransport": "true",
        "aws:ViaAWSService": "true" if "kms:viaservice" in values else "false",
        **_of_caller(question.caller, identity, account_id),
    }
    return {key.lower(): (value,) for key, value in general.items()} | values


def _of_resource(world: World, question: Question) -> ContextValues:
    """Return the condition keys that every request about the resource carries."""
    service = service_named(world.services, question.resource.partition("arn:aws:")[2].partition(":")[0])
    if service is None or service.context_of is None:
        return {}
    return service.context_of(question.resource, question.action, world.account_id)


def refuse_unmodelled(missing: Iterable[str]) -> None:
    """Raise NotModelledError for a condition key that AWS knows, and this embedded AWS never supplies."""
    for key in sorted(missing):
        if MODELLED.fullmatch(key) is None:
            raise NotModelledError(f"the condition key {key!r}")


def _several(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _of_caller(caller: Caller, identity: Identity | None, account_id: str) -> Mapping[str, str]:
    if caller.service is not None:
        return {
            "aws:PrincipalIsAWSService": "true",
            "aws:PrincipalServiceName": caller.service,
            "aws:SourceAccount": account_id,
            "aws:SourceOwner": account_id,
        }
    if caller.arn is None:
        return {
            "aws:PrincipalIsAWSService": "false",
            "aws:PrincipalType": "Anonymous",
            "aws:userid": "anonymous",
        }
    return {
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalArn": caller.role_arn or caller.arn,
        "aws:PrincipalAccount": account_id,
        **_of_identity(caller, caller.arn, identity),
    }


def _of_identity(caller: Caller, arn: str, identity: Identity | None) -> Mapping[str, str]:
    tagged = {} if identity is None else identity.tags
    tags = {f"aws:PrincipalTag/{key}": value for key, value in tagged.items()}
    name = arn.rpartition("/")[2]
    if caller.role_arn is not None:
        role_id = "" if identity is None else identity.unique_id
        session = {"aws:PrincipalType": "AssumedRole", "aws:MultiFactorAuthPresent": "false"}
        return tags | session | {"aws:userid": f"{role_id}:{name}"}
    named = {"aws:username": name, "aws:PrincipalType": "User"}
    return tags | named | ({} if identity is None else {"aws:userid": identity.unique_id})
