"""Grants decide: who may use a key by one, for what, in which context, and until when."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qa.embedded.control import Control
from qa.embedded.process import start_embedded
from qa.embedded.settings import Settings
from qa.embedded.world import World
from tests.harness.embedded.iam.refusals import refusal
from tests.harness.embedded.iam.serving import Served, statement

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/worker"
ORDER = {"order": "7"}


@pytest.fixture(scope="module")
def started() -> Iterator[Served]:
    process = start_embedded(Settings())
    world = World(settings=Settings(), scratch=Path(), endpoint=process.endpoint)
    yield Served(world=world)
    process.stop()


@pytest.fixture
def aws(started: Served) -> Iterator[Served]:
    yield started
    Control(started.world.endpoint).reset()


@pytest.fixture
def key(aws: Served) -> str:
    return str(aws.client("kms").create_key()["KeyMetadata"]["Arn"])


def granted(aws: Served, key: str, *operations: str, **more: Any) -> dict[str, Any]:
    told: dict[str, Any] = aws.client("kms").create_grant(
        KeyId=key, GranteePrincipal=ROLE, Operations=list(operations), **more
    )
    return told


def test_a_grant_allows_what_no_policy_does(aws: Served, key: str) -> None:
    worker = aws.client("kms", aws.session("worker"))
    before = refusal(lambda: worker.encrypt(KeyId=key, Plaintext=b"x"))[1]

    granted(aws, key, "Encrypt")

    assert (before, worker.encrypt(KeyId=key, Plaintext=b"x")["KeyId"]) == ("AccessDeniedException", key)
    assert refusal(lambda: worker.describe_key(KeyId=key))[1] == "AccessDeniedException"


def test_a_grant_is_to_its_grantee_and_on_its_key(aws: Served, key: str) -> None:
    worker, other = (aws.client("kms", aws.session(name)) for name in ("worker", "other"))
    second = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    granted(aws, key, "Encrypt")

    assert refusal(lambda: other.encrypt(KeyId=key, Plaintext=b"x"))[1] == "AccessDeniedException"
    assert refusal(lambda: worker.encrypt(KeyId=second, Plaintext=b"x"))[1] == "AccessDeniedException"


def test_a_grant_gives_way_to_an_explicit_deny(aws: Served, key: str) -> None:
    worker = aws.client("kms", aws.session("worker", statement("kms:Encrypt", Effect="Deny")))

    granted(aws, key, "Encrypt")

    assert refusal(lambda: worker.encrypt(KeyId=key, Plaintext=b"x"))[1] == "AccessDeniedException"


@pytest.mark.parametrize(
    ("constraint", "context", "allowed"),
    [
        ("EncryptionContextEquals", ORDER, True),
        ("EncryptionContextEquals", {**ORDER, "more": "1"}, False),
        ("EncryptionContextSubset", {**ORDER, "more": "1"}, True),
        ("EncryptionContextSubset", {"order": "8"}, False),
        ("EncryptionContextSubset", {"Order": "7"}, False),
        ("EncryptionContextEquals", {}, False),
    ],
)
def test_a_constraint_is_held_against_the_encryption_context(
    constraint: str, context: dict[str, str], aws: Served, key: str, *, allowed: bool
) -> None:
    worker = aws.client("kms", aws.session("worker"))
    granted(aws, key, "GenerateDataKey", Constraints={constraint: ORDER})

    def use() -> None:
        worker.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext=context)

    if allowed:
        use()
    else:
        assert refusal(use)[1] == "AccessDeniedException"


def test_a_grant_ends_when_it_is_revoked(aws: Served, key: str) -> None:
    worker = aws.client("kms", aws.session("worker"))
    grant = granted(aws, key, "Encrypt")

    aws.client("kms").revoke_grant(KeyId=key, GrantId=grant["GrantId"])

    assert refusal(lambda: worker.encrypt(KeyId=key, Plaintext=b"x"))[1] == "AccessDeniedException"
    assert refusal(lambda: aws.client("kms").revoke_grant(KeyId=key, GrantId=grant["GrantId"]))[1:] == (
        "NotFoundException",
        f"Grant ID {grant['GrantId']} not found",
    )


def test_only_whom_the_grant_names_may_retire_it(aws: Served, key: str) -> None:
    worker = aws.client("kms", aws.session("worker"))
    plain = granted(aws, key, "Encrypt")
    own = granted(aws, key, "Encrypt", "RetireGrant")

    by_policy = refusal(lambda: aws.client("kms").retire_grant(GrantToken=own["GrantToken"]))
    of_another = refusal(lambda: worker.retire_grant(KeyId=key, GrantId=plain["GrantId"]))
    worker.retire_grant(GrantToken=own["GrantToken"])

    left = [grant["GrantId"] for grant in aws.client("kms").list_grants(KeyId=key)["Grants"]]
    assert (by_policy[1], of_another[1], left) == (
        "AccessDeniedException",
        "AccessDeniedException",
        [plain["GrantId"]],
    )


def test_a_retiring_principal_retires_and_sees_what_it_may_retire(aws: Served, key: str) -> None:
    retirer = aws.session("retirer", statement("kms:ListRetirableGrants"))
    arn = f"arn:aws:iam::{ACCOUNT}:role/retirer"
    aws.role("worker")
    grant = granted(aws, key, "Encrypt", RetiringPrincipal=arn)
    client = aws.client("kms", retirer)
    seen = [each["GrantId"] for each in client.list_retirable_grants(RetiringPrincipal=arn)["Grants"]]

    client.retire_grant(KeyId=key, GrantId=grant["GrantId"])

    assert (seen, aws.client("kms").list_grants(KeyId=key)["Grants"]) == ([grant["GrantId"]], [])


def test_a_grant_to_grant_goes_no_further_than_itself(aws: Served, key: str) -> None:
    worker = aws.client("kms", aws.session("worker"))
    aws.role("helper")
    helper = f"arn:aws:iam::{ACCOUNT}:role/helper"
    granted(aws, key, "CreateGrant", "Encrypt")

    worker.create_grant(KeyId=key, GranteePrincipal=helper, Operations=["Encrypt"])

    assert (
        refusal(lambda: worker.create_grant(KeyId=key, GranteePrincipal=helper, Operations=["Decrypt"]))[1]
        == "AccessDeniedException"
    )


def test_a_named_grant_asked_for_again_is_the_same(aws: Served, key: str) -> None:
    aws.role("worker")

    first, second = (granted(aws, key, "Encrypt", Name="once") for _ in range(2))
    third = granted(aws, key, "Encrypt")

    told = aws.client("kms").list_grants(KeyId=key, GranteePrincipal=ROLE)["Grants"]
    assert first["GrantId"] == second["GrantId"]
    assert [(each["GrantId"], each.get("Name")) for each in told] == [
        (first["GrantId"], "once"),
        (third["GrantId"], None),
    ]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"GranteePrincipal": "arn:aws:iam::123456789012:role/nobody"}, "InvalidArnException"),
        ({"GranteePrincipal": "*"}, "InvalidArnException"),
        ({"GranteePrincipal": "arn:aws:iam::123456789012:root"}, "UnsupportedOperationException"),
        ({"Operations": ["Sign"]}, "ValidationException"),
        (
            {"Operations": ["CreateGrant"], "Constraints": {"EncryptionContextEquals": ORDER}},
            "UnsupportedOperationException",
        ),
    ],
    ids=["nobody", "everybody", "account", "operation", "constrained granting"],
)
def test_a_grant_that_cannot_be_is_refused(
    arguments: dict[str, Any], code: str, aws: Served, key: str
) -> None:
    aws.role("worker")
    asked = {"KeyId": key, "GranteePrincipal": ROLE, "Operations": ["Encrypt"], **arguments}

    assert refusal(lambda: aws.client("kms").create_grant(**asked))[1] == code


def test_a_disabled_key_takes_no_grant_and_a_dry_run_makes_none(aws: Served, key: str) -> None:
    aws.role("worker")
    dry = refusal(lambda: granted(aws, key, "Encrypt", DryRun=True))[1]
    listed = aws.client("kms").list_grants(KeyId=key)["Grants"]

    aws.client("kms").disable_key(KeyId=key)

    assert (dry, listed) == ("DryRunOperationException", [])
    assert refusal(lambda: granted(aws, key, "Encrypt"))[1] == "DisabledException"


def test_an_object_is_read_by_a_grant_on_its_key(aws: Served, key: str) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="documents")
    s3.put_object(Bucket="documents", Key="a", Body=b"x", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    worker = aws.client("s3", aws.session("worker", statement("s3:GetObject")))
    before = refusal(lambda: worker.get_object(Bucket="documents", Key="a"))[1]

    granted(aws, key, "Decrypt")

    assert (before, worker.get_object(Bucket="documents", Key="a")["Body"].read()) == ("AccessDenied", b"x")
