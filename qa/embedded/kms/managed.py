"""The keys that AWS itself makes and keeps, one per service and region."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

from moto.kms.models import Alias, Key, kms_backends
from moto.kms.utils import RESERVED_ALIASES

from .keys import backend_of

if TYPE_CHECKING:
    from moto.kms.models import KmsBackend

    from qa.embedded.world import World

PREFIX = "alias/aws/"
NAMES = {"dynamodb": "DynamoDB", "s3": "S3", "sns": "SNS", "sqs": "SQS", "lambda": "Lambda"}
_lock = threading.Lock()


def managed_key_arn(world: World, region: str, service: str) -> str:
    """Return the ARN of the region's AWS managed key of a service; the first use makes it."""
    backend = kms_backends[world.account_id][region]
    return managed_key(backend, PREFIX + service).arn


def managed_key(backend: KmsBackend, alias_name: str) -> Key:
    """Return the key behind an alias such as alias/aws/s3, making it at its first use."""
    with _lock:
        for key in tuple(backend.keys.values()):
            if alias_name in key.aliases:
                return key
        service = alias_name.removeprefix(PREFIX)
        key = Key(  # type: ignore[abstract]  # moto's own classes leave abstract methods open
            policy=_policy(backend, service),
            key_usage="ENCRYPT_DECRYPT",
            key_spec="SYMMETRIC_DEFAULT",
            description=f"Default key that protects my {NAMES.get(service, service)} data "
            "when no other key is defined",
            account_id=backend.account_id,
            region=backend.region_name,
        )
        key.key_manager = "AWS"
        key.key_rotation_status = True
        key.aliases[alias_name] = Alias(  # type: ignore[abstract]  # as above
            account_id=backend.account_id, region=backend.region_name, name=alias_name, key=key
        )
        backend.keys[key.id] = key
        return key


def key_id_from_alias(world: World, self: KmsBackend, alias_name: str) -> str | None:
    """Replace moto's look-up: the keys that AWS manages are not the customer's."""
    for key in tuple(self.keys.values()):
        if alias_name in key.aliases:
            return key.id
    if alias_name.removeprefix(PREFIX) in NAMES or alias_name in RESERVED_ALIASES:
        return managed_key(backend_of(world, self.region_name), alias_name).id
    return None


def _policy(backend: KmsBackend, service: str) -> str:
    via = f"{service}.{'*' if service == 'dynamodb' else backend.region_name}.amazonaws.com"
    use = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant"]
    callers = {
        "StringEquals": {"kms:CallerAccount": backend.account_id},
        "StringLike": {"kms:ViaService": via},
    }
    statements = [
        {
            "Sid": "Allow access through the service for all principals in the account",
            "Effect": "Allow",
            "Principal": {"AWS": "*"},
            "Action": [*use, "kms:DescribeKey"],
            "Resource": "*",
            "Condition": callers,
        },
        {
            "Sid": "Allow direct access to key metadata to the account",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{backend.account_id}:root"},
            "Action": ["kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant"],
            "Resource": "*",
        },
    ]
    return json.dumps({"Version": "2012-10-17", "Id": f"auto-{service}-1", "Statement": statements})
