"""Replication rules: what is taken, what is refused by name, and which rule an object falls under."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from moto.moto_api._internal import mock_random

from .encryption import of
from .refusals import S3RefusalError, invalid_request, not_modelled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.s3.models import FakeBucket, FakeKey, S3Backend

Json = dict[str, Any]
SCHEMA_V2 = (
    "must be specified for this version of Cross Region Replication configuration schema. "
    "Please refer to S3 Developer Guide for more information."
)
BUCKET_ARN = "arn:aws:s3:::"
# What is modelled, level by level; anything else is refused by name.
RULE: Json = {
    "ID": None,
    "Status": None,
    "Priority": None,
    "Filter": {"Prefix": None},
    "DeleteMarkerReplication": {"Status": None},
    "SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": None}},
    "Destination": {"Bucket": None, "EncryptionConfiguration": {"ReplicaKmsKeyID": None}},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One V2 rule. Without a replica key, KMS-encrypted objects are not selected."""

    rule_id: str
    enabled: bool
    priority: int
    prefix: str
    selects_kms: bool
    destination: str
    """The bucket's name."""
    replica_key_arn: str | None

    def covers(self, key: FakeKey) -> bool:
        """Say whether a new object is to be replicated by this rule."""
        return self.enabled and key.name.startswith(self.prefix) and (self.selects_kms or not of(key).by_kms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replication:
    """A bucket's replication configuration, and the form in which it was given."""

    role_arn: str
    rules: tuple[Rule, ...]
    as_given: Json

    def rule_for(self, key: FakeKey) -> Rule | None:
        """Return the rule of the highest priority that covers a new object."""
        covering = [rule for rule in self.rules if rule.covers(key)]
        return max(covering, key=lambda rule: rule.priority, default=None)


_configurations: WeakKeyDictionary[FakeBucket, Replication] = WeakKeyDictionary()


def replication_of(bucket: FakeBucket) -> Replication | None:
    """Return the bucket's replication; None if it has none."""
    return _configurations.get(bucket)


def set_replication(backend: S3Backend, bucket: FakeBucket, given: Mapping[str, Any]) -> None:
    """Validate a configuration in the API's form and put it in force for later objects.

    Raises S3RefusalError in AWS's words, or naming what is not modelled.
    """
    if not bucket.is_versioned:
        raise invalid_request(
            "Versioning must be 'Enabled' on the bucket to apply a replication configuration"
        )
    rules = tuple(_rule(rule) for rule in given["Rules"])
    destinations = {rule.destination for rule in rules}
    if not rules:
        raise S3RefusalError("MalformedXML", "The XML you provided was not well-formed: it has no rule")
    if len(destinations) > 1:
        raise not_modelled(f"replication to several destinations {sorted(destinations)}")
    if len({rule.priority for rule in rules}) < len(rules):
        raise invalid_request("Found duplicate priority in the rules of the replication configuration.")
    for name in destinations:
        _require_destination(backend, name)
    as_given = {"Role": given["Role"], "Rules": [_described(rule) for rule in given["Rules"]]}
    _configurations[bucket] = Replication(role_arn=given["Role"], rules=rules, as_given=as_given)


def end_replication(bucket: FakeBucket) -> None:
    """Replicate no later object."""
    _configurations.pop(bucket, None)


def _require_destination(backend: S3Backend, name: str) -> None:
    destination = backend.buckets.get(name)
    if destination is None:
        raise invalid_request("Destination bucket must exist.")
    if not destination.is_versioned:
        raise invalid_request("Destination bucket must have versioning enabled.")


def _rule(given: Json) -> Rule:
    if "Filter" not in given:
        raise not_modelled("replication rules of version 1, which have no Filter")
    _refuse_unknown(given, RULE, "ReplicationConfiguration.Rules")
    for needed in ("Priority", "DeleteMarkerReplication"):
        if given.get(needed) is None:
            raise invalid_request(f"{needed} {SCHEMA_V2}")
    if given["DeleteMarkerReplication"].get("Status") == "Enabled":
        raise not_modelled("the replication of delete markers")
    destination = given["Destination"]
    selection = (given.get("SourceSelectionCriteria") or {}).get("SseKmsEncryptedObjects") or {}
    replica_key = (destination.get("EncryptionConfiguration") or {}).get("ReplicaKmsKeyID")
    selects_kms = selection.get("Status") == "Enabled"
    if selects_kms != (replica_key is not None):
        given_one, needed = ("SseKmsEncryptedObjects", "ReplicaKmsKeyID")
        if not selects_kms:
            given_one, needed = needed, given_one
        raise invalid_request(f"{needed} must be specified if {given_one} tag is present.")
    return Rule(
        rule_id=given.setdefault("ID", str(mock_random.uuid4())),
        enabled=given["Status"] == "Enabled",
        priority=int(given["Priority"]),
        prefix=(given["Filter"] or {}).get("Prefix") or "",
        selects_kms=selects_kms,
        destination=_bucket_name(destination["Bucket"]),
        replica_key_arn=replica_key,
    )


def _bucket_name(arn: str) -> str:
    if not arn.startswith(BUCKET_ARN):
        raise S3RefusalError("InvalidArgument", f"Invalid bucket ARN {arn!r}")
    return arn.removeprefix(BUCKET_ARN)


def _refuse_unknown(given: Mapping[str, Any], known: Mapping[str, Any], where: str) -> None:
    for name, value in given.items():
        if name not in known:
            raise not_modelled(f"{where}.{name}")
        if isinstance(value, dict):
            _refuse_unknown(value, known[name] or {}, f"{where}.{name}")


def _described(given: Json) -> Json:
    prefix = (given["Filter"] or {}).get("Prefix") or ""
    return {**given, "Priority": int(given["Priority"]), "Filter": {"Prefix": prefix}}


def from_xml(parsed: Mapping[str, Any]) -> Json:
    """Return the API's form of what moto read from the request's XML."""
    rules = parsed.get("Rule", [])
    return {"Role": parsed["Role"], "Rules": rules if isinstance(rules, list) else [rules]}


def from_template(properties: Mapping[str, Any]) -> Json:
    """Return the API's form of a template's ReplicationConfiguration, which spells ID as Id."""
    rules = [
        {("ID" if name == "Id" else name): value for name, value in rule.items()}
        for rule in properties["Rules"]
    ]
    return {"Role": properties["Role"], "Rules": rules}
