"""The documents: each region keeps its own, and a copy of the other's that nothing there can destroy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.probe import s3
from qa.resilience import objects_replicate
from qa.wait import hold

from .documents import assert_arrived, await_replication
from .prepare import prepared_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.live.handover import Live
    from qa.stack.clients import Clients

    from .sides import Sides

pytestmark = pytest.mark.xdist_group("s3")

SURVIVES = 5.0


@pytest.mark.qa_check("S1", "both")
def test_each_bucket_is_versioned_encrypted_and_replicates_to_the_other_under_its_own_role(
    clients: Clients,
    sides: Sides,
    east: str,
    in_each_region: Callable[[Callable[[str], None]], None],
) -> None:
    def check(region: str) -> None:
        client, side, other = clients.s3(region), sides.of(region), sides.other(region)
        bucket = side["DocumentsBucketName"]
        assert s3.versioning(client, bucket) == "Enabled"
        assert s3.encryption(client, bucket) == s3.Encryption(
            algorithm="aws:kms", key_arn=side["KMSKeyArn"], bucket_key=True
        )
        assert s3.replication(client, bucket) == s3.Replication(
            role_arn=side["ReplicationRoleArn"],
            rules=(
                s3.ReplicationRule(
                    rule_id="documents-to-secondary" if region == east else "documents-to-primary",
                    status="Enabled",
                    destination=f"arn:aws:s3:::{other['DocumentsBucketName']}",
                    replica_key_arn=other["KMSKeyArn"],
                    selects_kms_encrypted=True,
                ),
            ),
        )

    in_each_region(check)


test_a_document_put_in_either_region_arrives_unchanged_in_the_other = objects_replicate(
    "PrimaryDocumentsBucket", check="S2"
)


@pytest.mark.qa_check("S3", "both")
def test_the_documents_that_the_processors_wrote_arrive_in_the_other_region(
    live: Live,
    clients: Clients,
    sides: Sides,
    deadline: Callable[[str], float],
    in_each_region: Callable[[Callable[[str], None]], None],
) -> None:
    def check(region: str) -> None:
        written = prepared_document(live.prepared, f"S3 {region}")
        await_replication(clients, sides.of(region), written, within=deadline("S3"))
        assert_arrived(clients, sides.other(region), written)

    in_each_region(check)


@pytest.mark.qa_check("S4", "secondary", watches=SURVIVES)
def test_destroying_the_version_in_east_leaves_the_copy_in_west(
    live: Live, clients: Clients, sides: Sides, deadline: Callable[[str], float]
) -> None:
    home, away = sides.primary, sides.secondary
    sent = prepared_document(live.prepared, "S4")
    await_replication(clients, home, sent, within=deadline("S4"))

    # one version, or two: a PutObject whose response was lost is sent again and makes another
    for version in s3.version_ids(clients.s3(home.region), home["DocumentsBucketName"], sent.key):
        s3.delete_version(clients.s3(home.region), home["DocumentsBucketName"], sent.key, version)

    assert s3.version_ids(clients.s3(home.region), home["DocumentsBucketName"], sent.key) == ()
    hold(
        lambda: s3.document(clients.s3(away.region), away["DocumentsBucketName"], sent.key),
        lambda copy: copy is not None,
        what=f"the copy of {sent.key!r} in {away['DocumentsBucketName']}",
        seconds=SURVIVES,
    )
    assert_arrived(clients, away, sent)
