"""Who may do what: the documents are nobody else's, and the processor's role can do its work, no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.probe import s3
from qa.resilience import May, role_can

from .documents import send_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.stack.clients import Clients
    from qa.stack.run import Run

    from .sides import Sides

ASKS_FOR_SIGNATURE = "AWS Signature Version 4"


@pytest.mark.qa_check("X1", "both")
def test_the_documents_are_out_of_public_reach_and_need_tls(
    clients: Clients,
    sides: Sides,
    run: Run,
    in_each_region: Callable[[Callable[[str], None]], None],
) -> None:
    def check(region: str) -> None:
        client, bucket = clients.s3(region), sides.of(region)["DocumentsBucketName"]
        assert s3.public_access_flags(client, bucket) == dict.fromkeys(s3.PUBLIC_ACCESS_FLAGS, True)
        assert not s3.is_public(client, bucket), f"AWS calls the policy of {bucket} public"
        assert needs_tls(s3.policy(client, bucket), bucket), f"no TLS-only statement for {bucket}"
        sent = send_document(clients, sides, run, region=region, purpose="reach")
        url = s3.signed_url(client, bucket, sent.key)
        signed, _ = s3.http_get(url)
        unsigned, words = s3.http_get(url.partition("?")[0])
        # an answer that asks for another signature has let the request through to the object
        assert ASKS_FOR_SIGNATURE not in words, f"anybody may read {sent.key!r}: {words}"
        assert (signed, unsigned) == (200, 403), "status with and without signature"

    in_each_region(check)


def needs_tls(policy: dict[str, object] | None, bucket: str) -> bool:
    """Say whether a statement denies everything on bucket and objects to whoever comes without TLS."""
    statements = (policy or {}).get("Statement", [])
    expected = {f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"}
    return any(
        statement["Effect"] == "Deny"
        and statement["Principal"] in ("*", {"AWS": "*"})
        and statement["Action"] in ("s3:*", ["s3:*"])
        and set(statement["Resource"]) == expected
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        for statement in (statements if isinstance(statements, list) else [])
    )


LOG_GROUP = "PrimaryTransactionProcessorLogGroup"
TABLE, BUCKET, KEY = "TransactionsTable", "PrimaryDocumentsBucket", "PrimaryKMSKey"
THROUGH_S3 = {
    "kms:ViaService": "s3.{region}.amazonaws.com",
    "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::{PrimaryDocumentsBucket}",
}

test_the_processors_role_can_do_its_work_and_nothing_more = role_can(
    "PrimaryTransactionProcessor",
    may=[
        May("dynamodb:PutItem", TABLE),
        May("s3:PutObject", BUCKET, "/transactions/qa/1.json"),
        May("kms:Encrypt", KEY),
        May("kms:GenerateDataKey", KEY, context=THROUGH_S3),
        May("logs:CreateLogStream", LOG_GROUP, ":log-stream:qa"),
        May("logs:PutLogEvents", LOG_GROUP, ":log-stream:qa"),
    ],
    may_not=[
        May("dynamodb:DeleteTable", TABLE),
        May("kms:ScheduleKeyDeletion", KEY),
        May("kms:Decrypt", KEY),
        May("s3:DeleteBucket", BUCKET),
    ],
    check="X2",
)
