"""Rights on parameters, and on the keys of SecureStrings: those of the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.embedded.iam.refusals import refusal
from tests.harness.embedded.iam.serving import ACCOUNT_ROOT, document, statement

if TYPE_CHECKING:
    from tests.harness.embedded.iam.serving import Served

ARN = "arn:aws:ssm:us-east-1:123456789012:parameter"
SEALED = f"{ARN}/app/key"
IN_CONTEXT = {
    "StringEquals": {
        "kms:EncryptionContext:PARAMETER_ARN": SEALED,
        "kms:ViaService": "ssm.us-east-1.amazonaws.com",
    }
}
ALL = statement("ssm:*")


def new_key(account: Served) -> str:
    policy = document(statement("kms:*", Principal=ACCOUNT_ROOT))
    return str(account.client("kms").create_key(Policy=policy)["KeyMetadata"]["Arn"])


def seal(client: Any, key: str | None = None, **others: Any) -> Any:
    given = {"Name": "/app/key", "Value": "secret", "Type": "SecureString", **others}
    return client.put_parameter(**given, **({} if key is None else {"KeyId": key}))


def opened(client: Any) -> str:
    return str(client.get_parameter(Name="/app/key", WithDecryption=True)["Parameter"]["Value"])


@pytest.mark.parametrize("tier", ["Standard", "Advanced"])
@pytest.mark.parametrize("own", [True, False], ids=["own key", "AWS's key"])
def test_a_secure_string_is_readable_only_when_it_is_decrypted(
    account: Served, tier: str, *, own: bool
) -> None:
    client = account.client("ssm")
    seal(client, new_key(account) if own else None, Tier=tier)

    raw = client.get_parameter(Name="/app/key")["Parameter"]["Value"]

    assert ("secret" in raw, opened(client)) == (False, "secret")


@pytest.mark.parametrize(
    ("tier", "action"), [("Standard", "kms:Encrypt"), ("Advanced", "kms:GenerateDataKey")]
)
def test_sealing_and_opening_need_the_callers_rights_on_the_key(
    account: Served, tier: str, action: str
) -> None:
    key = new_key(account)
    sealer = account.session("sealer", ALL, statement(action, key, Condition=IN_CONTEXT))
    reader = account.session("reader", ALL, statement("kms:Decrypt", key, Condition=IN_CONTEXT))

    seal(account.client("ssm", sealer), key, Tier=tier)

    assert opened(account.client("ssm", reader)) == "secret"
    for who, call, missing in (
        ("sealer", lambda: opened(account.client("ssm", sealer)), "kms:Decrypt"),
        ("reader", lambda: seal(account.client("ssm", reader), key, Tier=tier, Overwrite=True), action),
    ):
        status, code, words = refusal(call)
        denied = (
            f"User: arn:aws:sts::123456789012:assumed-role/{who}/test is not authorized to perform: "
            f"{missing} on resource: {key}"
        )
        assert (status, code, words.startswith(denied)) == (400, "AccessDeniedException", True), words


def test_a_disabled_key_opens_nothing(account: Served) -> None:
    key, client = new_key(account), account.client("ssm")
    seal(client, key)
    account.client("kms").disable_key(KeyId=key)

    status, code, words = refusal(lambda: opened(client))

    assert (status, code, words.startswith(f"{key} is disabled.")) == (400, "InvalidKeyId", True)


def test_a_key_that_is_not_there_is_refused(account: Served) -> None:
    client = account.client("ssm")

    assert refusal(lambda: seal(client, "alias/none"))[:2] == (400, "InvalidKeyId")
    assert client.describe_parameters()["Parameters"] == []


def test_several_are_not_opened_when_one_may_not_be(account: Served) -> None:
    client = account.client("ssm")
    seal(client, new_key(account))
    client.put_parameter(Name="/app/url", Value="a", Type="String")
    reader = account.client("ssm", account.session("reader", ALL))

    response = refusal(
        lambda: reader.get_parameters_by_path(Path="/app", Recursive=True, WithDecryption=True)
    )

    assert response[1] == "AccessDeniedException"
    assert len(reader.get_parameters_by_path(Path="/app")["Parameters"]) == 2


@pytest.mark.parametrize(
    ("action", "resource", "operation", "given"),
    [
        ("ssm:GetParameter", f"{ARN}/app/url", "get_parameter", {"Name": "/app/url:1"}),
        ("ssm:GetParameter", f"{ARN}/app/url", "get_parameter", {"Name": f"{ARN}/app/url"}),
        ("ssm:GetParameters", f"{ARN}/app/*", "get_parameters", {"Names": ["/app/url"]}),
        ("ssm:GetParametersByPath", f"{ARN}/app", "get_parameters_by_path", {"Path": "/app/"}),
        ("ssm:DeleteParameter", f"{ARN}/app/url", "delete_parameter", {"Name": "/app/url"}),
        ("ssm:DescribeParameters", "*", "describe_parameters", {}),
        (
            "ssm:PutParameter",
            f"{ARN}/app/url",
            "put_parameter",
            {"Name": "/app/url", "Value": "b", "Overwrite": True},
        ),
    ],
)
def test_an_operation_needs_its_right_on_the_parameter(
    account: Served, action: str, resource: str, operation: str, given: dict[str, Any]
) -> None:
    account.client("ssm").put_parameter(Name="/app/url", Value="a", Type="String")
    allowed = account.session("allowed", statement(action, resource))
    elsewhere = account.session("elsewhere", statement("ssm:*", f"{ARN}/other"))

    reported = refusal(lambda: getattr(account.client("ssm", elsewhere), operation)(**given))
    answer = getattr(account.client("ssm", allowed), operation)(**given)

    assert reported[:2] == (400, "AccessDeniedException")
    assert f"is not authorized to perform: {action} on resource: " in reported[2]
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_all_of_several_names_need_the_right(account: Served) -> None:
    reader = account.session("reader", statement("ssm:GetParameters", f"{ARN}/app/*"))

    response = refusal(lambda: account.client("ssm", reader).get_parameters(Names=["/app/a", "/other/b"]))

    assert response[1:2] == ("AccessDeniedException",)
    assert f"ssm:GetParameters on resource: {ARN}/other/b" in response[2]


def test_the_right_to_overwrite_may_be_kept_back(account: Served) -> None:
    once = {"StringEquals": {"ssm:Overwrite": "false"}}
    client = account.client("ssm", account.session("writer", statement("ssm:PutParameter", Condition=once)))
    given = {"Name": "/app/url", "Value": "a", "Type": "String"}

    client.put_parameter(**given)

    assert refusal(lambda: client.put_parameter(**given, Overwrite=True))[1] == "AccessDeniedException"


def test_tags_of_a_new_parameter_need_the_right_to_tag(account: Served) -> None:
    writer = account.client("ssm", account.session("writer", statement("ssm:PutParameter")))

    response = refusal(
        lambda: writer.put_parameter(
            Name="a", Value="b", Type="String", Tags=[{"Key": "team", "Value": "blue"}]
        )
    )

    assert "ssm:AddTagsToResource on resource: " in response[2]
