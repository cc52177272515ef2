"""A document put in either region arrives in the other, if everything is as designed."""

from __future__ import annotations

import json
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from qa.embedded.world import Caller, Question
from tests.harness.embedded.kms.refused import refusal

from .pair import (
    EAST,
    ROLE,
    WEST,
    await_status,
    encrypt_bucket,
    make_bucket,
    make_pair,
    replicate,
    rule,
    status,
)

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from tests.harness.embedded.kms.serving import Served


def test_a_document_arrives_with_everything_that_belongs_to_it(served: Served) -> None:
    pair = make_pair(served)
    put = pair.east.put_object(
        Bucket=EAST,
        Key="a/1.json",
        Body=b"{}",
        ContentType="application/json",
        Metadata={"run": "qa-1"},
        Tagging="stage=dev",
    )
    await_status(pair.east, EAST, "a/1.json", "COMPLETED")

    copy = pair.west.get_object(Bucket=WEST, Key="a/1.json")

    assert {name: copy[name] for name in ("VersionId", "ContentType", "Metadata", "ReplicationStatus")} == {
        "VersionId": put["VersionId"],
        "ContentType": "application/json",
        "Metadata": {"run": "qa-1"},
        "ReplicationStatus": "REPLICA",
    }
    assert (copy["ServerSideEncryption"], copy["SSEKMSKeyId"], copy["BucketKeyEnabled"]) == (
        "aws:kms",
        pair.west_key,
        True,
    )
    assert copy["Body"].read() == b"{}"
    tags = pair.west.get_object_tagging(Bucket=WEST, Key="a/1.json")["TagSet"]
    assert tags == [{"Key": "stage", "Value": "dev"}]


def test_documents_go_both_ways_and_replicas_go_no_further(served: Served) -> None:
    pair = make_pair(served)
    pair.east.put_object(Bucket=EAST, Key="from-east", Body=b"e")
    pair.west.put_object(Bucket=WEST, Key="from-west", Body=b"w")

    await_status(pair.east, EAST, "from-east", "COMPLETED")
    await_status(pair.west, WEST, "from-west", "COMPLETED")

    assert status(pair.west, WEST, "from-east") == "REPLICA"
    assert status(pair.east, EAST, "from-west") == "REPLICA"


def test_a_document_is_pending_until_the_lag_is_over(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = make_pair(served)
    monkeypatch.setattr(served.world.settings, "document_replication_lag", 60.0)

    pair.east.put_object(Bucket=EAST, Key="k", Body=b"x")

    assert status(pair.east, EAST, "k") == "PENDING"
    assert refusal(lambda: pair.west.head_object(Bucket=WEST, Key="k"))[0] == "404"


@pytest.mark.parametrize(
    "parts",
    [
        {"kind": "region-lost", "region": "us-east-1"},
        {"kind": "region-lost", "region": "us-west-2"},
        {"kind": "replication-stopped", "service": "s3", "source": "us-east-1", "target": "us-west-2"},
    ],
    ids=["source lost", "target lost", "stopped"],
)
def test_replication_waits_while_a_fault_holds_it_and_resumes(served: Served, parts: dict[str, str]) -> None:
    pair = make_pair(served)
    fault = served.world.faults.start(**parts)
    pair.east.put_object(Bucket=EAST, Key="k", Body=b"x")
    passed = Event()
    served.world.timers.after(0.3, passed.set)

    passed.wait(5)

    assert status(pair.east, EAST, "k") == "PENDING"
    served.world.faults.end(fault.id)
    await_status(pair.east, EAST, "k", "COMPLETED")


@pytest.mark.parametrize(
    "action",
    [
        "sts:AssumeRole",
        "s3:GetReplicationConfiguration",
        "s3:ListBucket",
        "s3:GetObjectVersionForReplication",
        "s3:ReplicateObject",
        "kms:Decrypt",
        "kms:Encrypt",
    ],
)
def test_replication_fails_for_good_without_a_right(served: Served, action: str) -> None:
    pair = make_pair(served)
    served.judge.refused.add(action)

    pair.east.put_object(Bucket=EAST, Key="k", Body=b"x")

    await_status(pair.east, EAST, "k", "FAILED")


def test_replication_fails_when_the_replicas_key_is_disabled(served: Served) -> None:
    pair = make_pair(served)
    served.client("kms", "us-west-2").disable_key(KeyId=pair.west_key)

    pair.east.put_object(Bucket=EAST, Key="k", Body=b"x")

    await_status(pair.east, EAST, "k", "FAILED")


def test_the_role_is_asked_about_each_key_with_service_and_bucket(served: Served) -> None:
    pair = make_pair(served)
    pair.east.put_object(Bucket=EAST, Key="k", Body=b"x")
    await_status(pair.east, EAST, "k", "COMPLETED")

    requested = {
        question.action: question for question in served.judge.questions if question.action.startswith("kms:")
    }

    session = Caller(arn="arn:aws:sts::123456789012:assumed-role/replication/s3-replication", role_arn=ROLE)
    assert requested["kms:Encrypt"] == Question(
        caller=session,
        action="kms:Encrypt",
        resource=pair.west_key,
        region="us-west-2",
        context={
            "kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{WEST}",
            "kms:EncryptionContextKeys": ("aws:s3:arn",),
            "kms:ViaService": "s3.us-west-2.amazonaws.com",
            "kms:CallerAccount": "123456789012",
        },
    )
    assert requested["kms:Decrypt"].context["kms:EncryptionContext:aws:s3:arn"] == f"arn:aws:s3:::{EAST}"


def test_kms_encrypted_documents_are_left_out_unless_selected(served: Served) -> None:
    pair = make_pair(served)
    replicate(pair.east, EAST, rule(WEST, None))

    pair.east.put_object(Bucket=EAST, Key="by-kms", Body=b"x")
    pair.east.put_object(Bucket=EAST, Key="by-s3", Body=b"x", ServerSideEncryption="AES256")

    await_status(pair.east, EAST, "by-s3", "COMPLETED")
    assert status(pair.east, EAST, "by-kms") is None
    assert pair.west.head_object(Bucket=WEST, Key="by-s3")["ServerSideEncryption"] == "AES256"


def test_a_rule_covers_its_prefix_and_later_documents_only(served: Served) -> None:
    east_key, west_key = (make_bucket(served, EAST, "us-east-1"), make_bucket(served, WEST, "us-west-2"))
    assert east_key != west_key
    east = served.client("s3", "us-east-1")
    east.put_object(Bucket=EAST, Key="in/before", Body=b"x")
    replicate(east, EAST, rule(WEST, west_key, Filter={"Prefix": "in/"}))

    east.put_object(Bucket=EAST, Key="in/after", Body=b"x")
    east.put_object(Bucket=EAST, Key="out/after", Body=b"x")

    await_status(east, EAST, "in/after", "COMPLETED")
    assert [status(east, EAST, key) for key in ("in/before", "out/after")] == [None, None]


def test_no_deletion_reaches_the_copy(served: Served) -> None:
    pair = make_pair(served)
    version = pair.east.put_object(Bucket=EAST, Key="k", Body=b"x")["VersionId"]
    await_status(pair.east, EAST, "k", "COMPLETED")

    pair.east.delete_object(Bucket=EAST, Key="k")
    pair.east.delete_object(Bucket=EAST, Key="k", VersionId=version)

    assert pair.west.get_object(Bucket=WEST, Key="k")["Body"].read() == b"x"


def test_copies_and_multipart_uploads_replicate_too(served: Served) -> None:
    pair = make_pair(served)
    pair.east.put_object(Bucket=EAST, Key="k", Body=b"x")
    pair.east.copy_object(Bucket=EAST, Key="copied", CopySource=f"{EAST}/k")
    upload = pair.east.create_multipart_upload(Bucket=EAST, Key="parts")["UploadId"]
    part = pair.east.upload_part(Bucket=EAST, Key="parts", UploadId=upload, PartNumber=1, Body=b"p")
    pair.east.complete_multipart_upload(
        Bucket=EAST,
        Key="parts",
        UploadId=upload,
        MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
    )

    await_status(pair.east, EAST, "copied", "COMPLETED")
    await_status(pair.east, EAST, "parts", "COMPLETED")
    assert pair.west.get_object(Bucket=WEST, Key="parts")["Body"].read() == b"p"


def test_a_late_copy_does_not_hide_what_was_put_since(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = make_pair(served)
    pair.east.put_object(Bucket=EAST, Key="k", Body=b"older")
    pair.west.put_object(Bucket=WEST, Key="k", Body=b"newer")

    await_status(pair.west, WEST, "k", "COMPLETED")

    assert pair.west.get_object(Bucket=WEST, Key="k")["Body"].read() == b"newer"
    assert pair.east.get_object(Bucket=EAST, Key="k")["Body"].read() == b"newer"


def test_the_configuration_is_told_as_it_was_given(served: Served) -> None:
    pair = make_pair(served)

    response = pair.east.get_bucket_replication(Bucket=EAST)["ReplicationConfiguration"]

    assert response == {"Role": ROLE, "Rules": [rule(WEST, pair.west_key)]}


def test_both_ends_must_be_versioned(served: Served, east: S3Client) -> None:
    make_bucket(served, EAST, "us-east-1")
    east.create_bucket(Bucket="plain")

    assert refusal(lambda: replicate(east, EAST, rule("plain", None))) == (
        "InvalidRequest",
        "Destination bucket must have versioning enabled.",
    )
    assert refusal(lambda: replicate(east, EAST, rule("nowhere", None))) == (
        "InvalidRequest",
        "Destination bucket must exist.",
    )
    assert refusal(lambda: replicate(east, "plain", rule(EAST, None)))[0] == "InvalidRequest"


UNMODELLED: dict[str, tuple[dict[str, Any], str]] = {
    "delete-markers": (
        {"DeleteMarkerReplication": {"Status": "Enabled"}},
        "the replication of delete markers",
    ),
    "replication-time": (
        {"Destination": {"Bucket": f"arn:aws:s3:::{WEST}", "Metrics": {"Status": "Enabled"}}},
        "ReplicationConfiguration.Rules.Destination.Metrics",
    ),
    "replica-modifications": (
        {"SourceSelectionCriteria": {"ReplicaModifications": {"Status": "Enabled"}}},
        "ReplicationConfiguration.Rules.SourceSelectionCriteria.ReplicaModifications",
    ),
    "tags": (
        {"Filter": {"Tag": {"Key": "a", "Value": "b"}}},
        "ReplicationConfiguration.Rules.Filter.Tag",
    ),
}


@pytest.mark.parametrize(("changes", "what"), UNMODELLED.values(), ids=UNMODELLED)
def test_what_is_not_modelled_is_refused_by_name(
    served: Served, east: S3Client, changes: dict[str, Any], what: str
) -> None:
    make_bucket(served, EAST, "us-east-1")
    make_bucket(served, WEST, "us-west-2")

    assert refusal(lambda: replicate(east, EAST, rule(WEST, None, **changes))) == (
        "NotImplemented",
        f"the embedded AWS does not model {what}",
    )


def test_rules_of_version_one_are_refused(served: Served, east: S3Client) -> None:
    make_bucket(served, EAST, "us-east-1")
    make_bucket(served, WEST, "us-west-2")
    first = {"ID": "1", "Status": "Enabled", "Prefix": "", "Destination": {"Bucket": f"arn:aws:s3:::{WEST}"}}

    assert refusal(lambda: replicate(east, EAST, first)) == (
        "NotImplemented",
        "the embedded AWS does not model replication rules of version 1, which have no Filter",
    )


def test_without_bucket_keys_the_context_is_the_objects_arn(served: Served) -> None:
    pair = make_pair(served)
    encrypt_bucket(pair.east, EAST, pair.east_key, bucket_key=False)
    served.judge.questions.clear()

    pair.east.put_object(Bucket=EAST, Key="k", Body=b"x")

    made = next(each for each in served.judge.questions if each.action == "kms:GenerateDataKey")
    assert made.context["kms:EncryptionContext:aws:s3:arn"] == f"arn:aws:s3:::{EAST}/k"
    assert json.dumps(made.context["kms:ViaService"]) == '"s3.us-east-1.amazonaws.com"'
