"""How clients are made; none of these tests sends a request."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from qa.errors import QaError
from qa.stack import Clients, Credentials, Target, TargetKind
from qa.stack.clients import ONE_ATTEMPT, client_config

CREDENTIALS = Credentials(access_key_id="AKIAEXAMPLE", secret_access_key="example")
AWS = Target(kind=TargetKind.AWS, credentials=CREDENTIALS)
LOCAL = Target(kind=TargetKind.ENDPOINT, endpoint="http://127.0.0.1:5000", credentials=CREDENTIALS)


def test_there_is_one_client_per_service_and_region() -> None:
    clients = Clients(AWS)

    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: id(clients.sqs("us-east-1")), range(8)))

    assert made == {id(clients.sqs("us-east-1"))}
    assert clients.sqs("us-east-1") is not clients.sqs("us-west-2")


def test_an_environment_that_redirects_requests_does_not_reach_the_aws_target(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1")

    assert Clients(AWS).dynamodb("us-west-2").meta.endpoint_url == "https://dynamodb.us-west-2.amazonaws.com"


def test_every_service_of_an_endpoint_goes_there() -> None:
    clients = Clients(LOCAL)

    addresses = {
        client.meta.endpoint_url
        for client in (
            clients.cloudformation("us-east-1"),
            clients.cloudwatch("us-east-1"),
            clients.dynamodb("us-east-1"),
            clients.iam("us-east-1"),
            clients.kms("us-east-1"),
            clients.lambda_("us-east-1"),
            clients.logs("us-east-1"),
            clients.s3("us-east-1"),
            clients.sns("us-east-1"),
            clients.sqs("us-east-1"),
            clients.sts("us-east-1"),
        )
    }

    assert addresses == {"http://127.0.0.1:5000"}


@pytest.mark.parametrize(
    ("service", "attempts", "read_timeout"),
    [("dynamodb", 5, 20), ("s3", 5, 20), ("lambda", 5, 75), (ONE_ATTEMPT, 1, 75)],
)
def test_requests_are_repeated_except_those_of_a_function_that_must_not_run_twice(
    service: str, attempts: int, read_timeout: int
) -> None:
    config: object = client_config(AWS, service)

    settings = {name: getattr(config, name) for name in ("retries", "connect_timeout", "read_timeout")}
    assert settings == {
        "retries": {"mode": "standard", "total_max_attempts": attempts},
        "connect_timeout": 5,
        "read_timeout": read_timeout,
    }


def test_a_presigned_url_is_regional_and_signed_by_sigv4() -> None:
    url = Clients(AWS).s3("us-east-1").generate_presigned_url("get_object", {"Bucket": "abc", "Key": "k"})

    assert url.startswith("https://abc.s3.us-east-1.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&")


def test_buckets_of_an_endpoint_stand_in_the_path() -> None:
    url = Clients(LOCAL).s3("us-east-1").generate_presigned_url("get_object", {"Bucket": "abc", "Key": "k"})

    assert url.startswith("http://127.0.0.1:5000/abc/k?")


def test_frozen_credentials_are_those_of_the_target() -> None:
    assert Clients(LOCAL).with_frozen_credentials().target == LOCAL


def test_the_embedded_aws_cannot_be_asked_before_it_has_started() -> None:
    with pytest.raises(QaError, match="the embedded AWS has not been started"):
        Clients(Target(kind=TargetKind.EMBEDDED)).sqs("us-east-1")


def test_services_of_the_real_aws_are_reached_where_the_settings_say() -> None:
    endpoints = {"sts": "https://sts.{region}.internal", "lambda": "https://lambda.internal"}
    clients = Clients(
        Target(
            kind=TargetKind.AWS,
            credentials=Credentials(access_key_id="a", secret_access_key="b"),
            endpoints=endpoints,
        )
    )

    assert [
        client.meta.endpoint_url
        for client in (clients.sts("eu-west-1"), clients.lambda_once("eu-west-1"), clients.sns("eu-west-1"))
    ] == ["https://sts.eu-west-1.internal", "https://lambda.internal", "https://sns.eu-west-1.amazonaws.com"]
