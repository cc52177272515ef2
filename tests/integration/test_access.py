"""Who may do what: the documents are nobody else's, and the processor's role can do its work, no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.probe import iam, s3
from qa.probe.iam import Right

from .documents import send_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.stack.clients import Clients
    from qa.stack.run import Run

    from .sides import Side, Sides

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


@pytest.mark.qa_check("X2", "both")
def test_the_processors_role_can_do_its_work_and_nothing_more(
    clients: Clients,
    sides: Sides,
    account: str,
    in_each_region: Callable[[Callable[[str], None]], None],
) -> None:
    def check(region: str) -> None:
        side, other = sides.of(region), sides.other(region)
        role_arn = side["LambdaRoleArn"]
        client = clients.iam(region)
        decisions = {
            right: iam.simulated(client, role_arn, right)
            for right in (*needed(side, account), *forbidden(side, other, account))
        }
        missing = [right for right in needed(side, account) if decisions[right] != "allowed"]
        excess = [right for right in forbidden(side, other, account) if decisions[right] == "allowed"]
        assert (missing, excess) == ([], []), f"rights that {role_arn} lacks, and has in excess"

    in_each_region(check)


def table_arn(side: Side, account: str) -> str:
    return f"arn:aws:dynamodb:{side.region}:{account}:table/{side.outputs['TransactionsTableName']}"


def needed(side: Side, account: str) -> tuple[Right, ...]:
    """Return what the processor does, each with the condition keys that its request carries."""
    bucket_arn = f"arn:aws:s3:::{side['DocumentsBucketName']}"
    through_s3 = {
        "kms:ViaService": f"s3.{side.region}.amazonaws.com",
        "kms:EncryptionContext:aws:s3:arn": bucket_arn,
    }
    log_stream = f"arn:aws:logs:{side.region}:{account}:log-group:{side['LambdaLogGroupName']}:log-stream:qa"
    return (
        Right(action="dynamodb:PutItem", resource=table_arn(side, account)),
        Right(action="s3:PutObject", resource=f"{bucket_arn}/transactions/qa/1.json"),
        Right(action="kms:Encrypt", resource=side["KMSKeyArn"]),
        Right(action="kms:GenerateDataKey", resource=side["KMSKeyArn"], context=through_s3),
        Right(action="logs:CreateLogStream", resource=log_stream),
        Right(action="logs:PutLogEvents", resource=log_stream),
    )


def forbidden(side: Side, other: Side, account: str) -> tuple[Right, ...]:
    """Return what turns a fault of the processor into a disaster: destruction, escalation, the other side."""
    bucket_arn, other_bucket_arn = (f"arn:aws:s3:::{each['DocumentsBucketName']}" for each in (side, other))
    user_arn = f"arn:aws:iam::{account}:user/qa-nobody"
    role_arn = side["LambdaRoleArn"]
    return (
        Right(action="dynamodb:DeleteTable", resource=table_arn(side, account)),
        Right(action="kms:ScheduleKeyDeletion", resource=side["KMSKeyArn"]),
        Right(action="s3:DeleteBucket", resource=bucket_arn),
        Right(action="iam:CreateUser", resource=user_arn),
        Right(action="iam:CreateAccessKey", resource=user_arn),
        Right(action="iam:PutRolePolicy", resource=role_arn),
        Right(action="iam:AttachRolePolicy", resource=role_arn),
        Right(action="iam:PassRole", resource=role_arn),
        Right(action="kms:Decrypt", resource=side["KMSKeyArn"]),
        Right(action="dynamodb:PutItem", resource=table_arn(other, account)),
        Right(action="s3:PutObject", resource=f"{other_bucket_arn}/transactions/qa/1.json"),
        Right(action="kms:Encrypt", resource=other["KMSKeyArn"]),
    )
