"""Who makes a request: from credentials to callers, and what unknown credentials meet."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from moto.sts.models import sts_backends

from .refusals import refusal
from .serving import Keys, statement

if TYPE_CHECKING:
    from .serving import Served

ACCOUNT = "123456789012"
STRANGER = Keys(access_key_id="AKIAIOSFODNN7EXAMPLE", secret="x")
INVALID = "The security token included in the request is invalid."
ASKED = {
    "dynamodb": "list_tables",
    "kms": "list_keys",
    "lambda": "list_functions",
    "logs": "describe_log_groups",
    "sns": "list_topics",
    "sqs": "list_queues",
    "cloudwatch": "list_metrics",
    "cloudformation": "list_stacks",
    "iam": "list_users",
    "sts": "get_caller_identity",
    "s3": "list_buckets",
}


def identity(aws: Served, keys: Keys | None = None) -> dict[str, str]:
    client = aws.client("sts") if keys is None else aws.client("sts", keys)
    answer = client.get_caller_identity()
    return {name: answer[name] for name in ("Account", "Arn")}


def test_the_default_credentials_are_an_administrator(aws: Served) -> None:
    assert identity(aws) == {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/administrator"}


def test_an_access_key_of_a_user_is_the_user(aws: Served) -> None:
    assert identity(aws, aws.user("ada")) == {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/ada"}


def test_credentials_of_an_assumed_role_are_its_session(aws: Served) -> None:
    reported = identity(aws, aws.session("worker"))

    assert reported == {"Account": ACCOUNT, "Arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/test"}


@pytest.mark.parametrize(
    ("services", "expected"),
    [
        ("dynamodb kms logs", (400, "UnrecognizedClientException", INVALID)),
        ("lambda", (403, "UnrecognizedClientException", INVALID)),
        ("sns sqs cloudwatch cloudformation iam sts", (403, "InvalidClientTokenId", INVALID)),
        (
            "s3",
            (403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."),
        ),
    ],
    ids=["json", "rest-json", "query", "s3"],
)
def test_an_unknown_access_key_meets_the_error_of_the_service(
    services: str, expected: tuple[int, str, str], aws: Served
) -> None:
    reported = {name: refusal(getattr(aws.client(name, STRANGER), ASKED[name])) for name in services.split()}

    assert reported == dict.fromkeys(services.split(), expected)


def test_an_inactive_access_key_is_unknown(aws: Served) -> None:
    keys = aws.user("ada")
    aws.client("iam").update_access_key(UserName="ada", AccessKeyId=keys.access_key_id, Status="Inactive")

    assert refusal(aws.client("sts", keys).get_caller_identity) == (403, "InvalidClientTokenId", INVALID)


def test_a_session_without_its_token_is_unknown(aws: Served) -> None:
    session = aws.session("worker")
    tokenless = Keys(access_key_id=session.access_key_id, secret=session.secret)

    assert refusal(aws.client("sts", tokenless).get_caller_identity) == (403, "InvalidClientTokenId", INVALID)


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("sts", (403, "ExpiredToken", "The security token included in the request is expired")),
        ("dynamodb", (400, "ExpiredTokenException", "The security token included in the request is expired")),
        ("s3", (400, "ExpiredToken", "The provided token has expired.")),
    ],
    ids=["query", "json", "s3"],
)
def test_an_expired_session_is_told_so(service: str, expected: tuple[int, str, str], aws: Served) -> None:
    keys = aws.session("worker")
    for session in sts_backends[ACCOUNT]["aws"].assumed_roles:
        session.expiration -= timedelta(hours=2)

    assert refusal(getattr(aws.client(service, keys), ASKED[service])) == expected


def test_a_caller_without_rights_may_ask_who_it_is(aws: Served) -> None:
    denied = statement("sts:GetCallerIdentity", Effect="Deny")

    assert identity(aws, aws.user("ada", denied))["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/ada"


@pytest.mark.parametrize("operation", ["get_session_token", "get_federation_token"])
def test_credentials_that_would_belong_to_nobody_are_not_given_out(operation: str, aws: Served) -> None:
    arguments = {"Name": "ada"} if "federation" in operation else {}

    status, code, words = refusal(lambda: getattr(aws.client("sts"), operation)(**arguments))

    assert (status, code) == (501, "NotImplemented")
    assert words.startswith("the embedded AWS does not model Get")
