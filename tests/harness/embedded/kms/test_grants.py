"""Grants decide: who may use a key by one, for what, in which context, and until when."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.embedded.iam.refusals import refusal
from tests.harness.embedded.iam.serving import statement

if TYPE_CHECKING:
    from tests.harness.embedded.iam.serving import Served

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/worker"
ORDER = {"order": "7"}


@pytest.fixture
def key(account: Served) -> str:
    return str(account.client("kms").create_key()["KeyMetadata"]["Arn"])


def granted(account: Served, key: str, *operations: str, **more: Any) -> dict[str, Any]:
    response: dict[str, Any] = account.client("kms").create_grant(
        KeyId=key, GranteePrincipal=ROLE, Operations=list(operations), **more
    )
    return response


def test_a_grant_allows_what_no_policy_does(account: Served, key: str) -> None:
    worker = account.client("kms", account.session("worker"))
    before = refusal(lambda: worker.encrypt(KeyId=key, Plaintext=b"x"))[1]

    granted(account, key, "Encrypt")

    assert (before, worker.encrypt(KeyId=key, Plaintext=b"x")["KeyId"]) == ("AccessDeniedException", key)
    assert refusal(lambda: worker.describe_key(KeyId=key))[1] == "AccessDeniedException"


def test_a_grant_is_to_its_grantee_and_on_its_key(account: Served, key: str) -> None:
    worker, other = (account.client("kms", account.session(name)) for name in ("worker", "other"))
    second = account.client("kms").create_key()["KeyMetadata"]["Arn"]
    granted(account, key, "Encrypt")

    assert refusal(lambda: other.encrypt(KeyId=key, Plaintext=b"x"))[1] == "AccessDeniedException"
    assert refusal(lambda: worker.encrypt(KeyId=second, Plaintext=b"x"))[1] == "AccessDeniedException"


def test_a_grant_gives_way_to_an_explicit_deny(account: Served, key: str) -> None:
    worker = account.client("kms", account.session("worker", statement("kms:Encrypt", Effect="Deny")))

    granted(account, key, "Encrypt")

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
    constraint: str, context: dict[str, str], account: Served, key: str, *, allowed: bool
) -> None:
    worker = account.client("kms", account.session("worker"))
    granted(account, key, "GenerateDataKey", Constraints={constraint: ORDER})

    def use() -> None:
        worker.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext=context)

    if allowed:
        use()
    else:
        assert refusal(use)[1] == "AccessDeniedException"


def test_a_grant_ends_when_it_is_revoked(account: Served, key: str) -> None:
    worker = account.client("kms", account.session("worker"))
    grant = granted(account, key, "Encrypt")

    account.client("kms").revoke_grant(KeyId=key, GrantId=grant["GrantId"])

    assert refusal(lambda: worker.encrypt(KeyId=key, Plaintext=b"x"))[1] == "AccessDeniedException"
    assert refusal(lambda: account.client("kms").revoke_grant(KeyId=key, GrantId=grant["GrantId"]))[1:] == (
        "NotFoundException",
        f"Grant ID {grant['GrantId']} not found",
    )


def test_only_whom_the_grant_names_may_retire_it(account: Served, key: str) -> None:
    worker = account.client("kms", account.session("worker"))
    plain = granted(account, key, "Encrypt")
    own = granted(account, key, "Encrypt", "RetireGrant")

    by_policy = refusal(lambda: account.client("kms").retire_grant(GrantToken=own["GrantToken"]))
    of_another = refusal(lambda: worker.retire_grant(KeyId=key, GrantId=plain["GrantId"]))
    worker.retire_grant(GrantToken=own["GrantToken"])

    left = [grant["GrantId"] for grant in account.client("kms").list_grants(KeyId=key)["Grants"]]
    assert (by_policy[1], of_another[1], left) == (
        "AccessDeniedException",
        "AccessDeniedException",
        [plain["GrantId"]],
    )


def test_a_retiring_principal_retires_and_sees_what_it_may_retire(account: Served, key: str) -> None:
    retirer = account.session("retirer", statement("kms:ListRetirableGrants"))
    arn = f"arn:aws:iam::{ACCOUNT}:role/retirer"
    account.role("worker")
    grant = granted(account, key, "Encrypt", RetiringPrincipal=arn)
    client = account.client("kms", retirer)
    seen = [each["GrantId"] for each in client.list_retirable_grants(RetiringPrincipal=arn)["Grants"]]

    client.retire_grant(KeyId=key, GrantId=grant["GrantId"])

    assert (seen, account.client("kms").list_grants(KeyId=key)["Grants"]) == ([grant["GrantId"]], [])


def test_a_grant_to_grant_goes_no_further_than_itself(account: Served, key: str) -> None:
    worker = account.client("kms", account.session("worker"))
    account.role("helper")
    helper = f"arn:aws:iam::{ACCOUNT}:role/helper"
    granted(account, key, "CreateGrant", "Encrypt")

    worker.create_grant(KeyId=key, GranteePrincipal=helper, Operations=["Encrypt"])

    assert (
        refusal(lambda: worker.create_grant(KeyId=key, GranteePrincipal=helper, Operations=["Decrypt"]))[1]
        == "AccessDeniedException"
    )


def test_a_named_grant_asked_for_again_is_the_same(account: Served, key: str) -> None:
    account.role("worker")

    first, second = (granted(account, key, "Encrypt", Name="once") for _ in range(2))
    third = granted(account, key, "Encrypt")

    response = account.client("kms").list_grants(KeyId=key, GranteePrincipal=ROLE)["Grants"]
    assert first["GrantId"] == second["GrantId"]
    assert [(each["GrantId"], each.get("Name")) for each in response] == [
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
    arguments: dict[str, Any], code: str, account: Served, key: str
) -> None:
    account.role("worker")
    requested = {"KeyId": key, "GranteePrincipal": ROLE, "Operations": ["Encrypt"], **arguments}

    assert refusal(lambda: account.client("kms").create_grant(**requested))[1] == code


def test_a_disabled_key_takes_no_grant_and_a_dry_run_makes_none(account: Served, key: str) -> None:
    account.role("worker")
    dry = refusal(lambda: granted(account, key, "Encrypt", DryRun=True))[1]
    listed = account.client("kms").list_grants(KeyId=key)["Grants"]

    account.client("kms").disable_key(KeyId=key)

    assert (dry, listed) == ("DryRunOperationException", [])
    assert refusal(lambda: granted(account, key, "Encrypt"))[1] == "DisabledException"


def test_an_object_is_read_by_a_grant_on_its_key(account: Served, key: str) -> None:
    s3 = account.client("s3")
    s3.create_bucket(Bucket="documents")
    s3.put_object(Bucket="documents", Key="a", Body=b"x", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    worker = account.client("s3", account.session("worker", statement("s3:GetObject")))
    before = refusal(lambda: worker.get_object(Bucket="documents", Key="a"))[1]

    granted(account, key, "Decrypt")

    assert (before, worker.get_object(Bucket="documents", Key="a")["Body"].read()) == ("AccessDenied", b"x")


def test_a_marker_that_nobody_gave_continues_no_list(account: Served, key: str) -> None:
    listed = partial(account.client("kms").list_grants, KeyId=key, Marker="next")

    assert refusal(listed) == (400, "InvalidMarkerException", "Could not parse marker: next")
