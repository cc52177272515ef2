"""KMS: the key policy has the first word, and conditions on context and service are held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .refusals import refusal
from .serving import ACCOUNT_ROOT, document, statement

if TYPE_CHECKING:
    from .serving import Served

ACCOUNT = "123456789012"
DELEGATING = statement("kms:*", Principal=ACCOUNT_ROOT)
# KMS takes no policy that locks its own caller out of changing it
MANAGING = statement(["kms:PutKeyPolicy", "kms:DescribeKey"], Principal=ACCOUNT_ROOT)


def new_key(aws: Served, *statements: dict[str, Any]) -> str:
    """Return the ARN of a key under a policy of these statements."""
    response = aws.client("kms").create_key(Policy=document(*statements))["KeyMetadata"]
    return str(response["Arn"])


def test_a_key_that_trusts_the_account_is_used_by_right_of_the_identity(aws: Served) -> None:
    arn = new_key(aws, DELEGATING)
    with_right = aws.client("kms", aws.session("with", statement("kms:Encrypt", arn)))
    without = aws.client("kms", aws.session("without"))

    used = with_right.encrypt(KeyId=arn, Plaintext=b"x")["KeyId"]

    assert used == arn
    assert refusal(lambda: without.encrypt(KeyId=arn, Plaintext=b"x")) == (
        400,
        "AccessDeniedException",
        (
            f"User: arn:aws:sts::{ACCOUNT}:assumed-role/without/test is not authorized to perform: "
            f"kms:Encrypt on resource: {arn} because no identity-based policy allows the kms:Encrypt action"
        ),
    )


def test_what_a_key_does_not_leave_to_the_account_keeps_even_the_administrator_out(aws: Served) -> None:
    arn = new_key(aws, MANAGING)

    response = refusal(lambda: aws.client("kms").encrypt(KeyId=arn, Plaintext=b"x"))

    assert response == (
        400,
        "AccessDeniedException",
        (
            f"User: arn:aws:iam::{ACCOUNT}:user/administrator is not authorized to perform: kms:Encrypt "
            f"on resource: {arn} because no resource-based policy allows the kms:Encrypt action"
        ),
    )


def test_an_alias_stands_for_its_key(aws: Served) -> None:
    arn = new_key(aws, DELEGATING)
    aws.client("kms").create_alias(AliasName="alias/orders", TargetKeyId=arn)
    client = aws.client("kms", aws.session("worker", statement(["kms:Encrypt", "kms:Decrypt"], arn)))

    sealed = client.encrypt(KeyId="alias/orders", Plaintext=b"x")

    assert sealed["KeyId"] == arn


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ({"purpose": "qa"}, None),
        ({"purpose": "other"}, "AccessDeniedException"),
        ({}, "AccessDeniedException"),
    ],
    ids=["as allowed", "another", "none"],
)
def test_the_encryption_context_is_held_against_the_policy(
    context: dict[str, str], expected: str | None, aws: Served
) -> None:
    arn = new_key(aws, DELEGATING)
    bound = {"StringEquals": {"kms:EncryptionContext:purpose": "qa"}}
    client = aws.client("kms", aws.session("worker", statement("kms:Encrypt", arn, Condition=bound)))

    def encrypt() -> str:
        return str(client.encrypt(KeyId=arn, Plaintext=b"x", EncryptionContext=context)["KeyId"])

    if expected is None:
        assert encrypt() == arn
    else:
        assert refusal(encrypt)[1] == expected


def test_a_right_through_s3_is_none_for_a_direct_request(aws: Served) -> None:
    arn = new_key(aws, DELEGATING)
    through = {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
    client = aws.client("kms", aws.session("worker", statement("kms:Decrypt*", arn, Condition=through)))
    sealed = aws.client("kms").encrypt(KeyId=arn, Plaintext=b"x")["CiphertextBlob"]

    assert refusal(lambda: client.decrypt(CiphertextBlob=sealed, KeyId=arn))[1] == "AccessDeniedException"


def test_granting_directly_is_not_granting_for_a_service(aws: Served) -> None:
    arn = new_key(aws, DELEGATING)
    for_services = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    client = aws.client(
        "kms", aws.session("worker", statement("kms:CreateGrant", arn, Condition=for_services))
    )

    response = refusal(
        lambda: client.create_grant(
            KeyId=arn, GranteePrincipal=f"arn:aws:iam::{ACCOUNT}:role/worker", Operations=["Decrypt"]
        )
    )

    assert response[1] == "AccessDeniedException"


def test_an_alias_needs_rights_on_alias_and_key(aws: Served) -> None:
    arn = new_key(aws, DELEGATING)
    client = aws.client("kms", aws.session("worker", statement("kms:CreateAlias", arn)))

    response = refusal(lambda: client.create_alias(AliasName="alias/orders", TargetKeyId=arn))

    assert f"kms:CreateAlias on resource: arn:aws:kms:us-east-1:{ACCOUNT}:alias/orders " in response[2]


def test_a_key_that_is_not_there_is_not_found_by_whoever_asks(aws: Served) -> None:
    client = aws.client("kms", aws.session("worker"))

    assert refusal(lambda: client.describe_key(KeyId="alias/nowhere"))[1] == "NotFoundException"
