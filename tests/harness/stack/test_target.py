"""Where requests go, and the combinations that are refused."""

from __future__ import annotations

import pytest

from qa.errors import UsageError
from qa.stack import Credentials, Target, TargetKind, resolve_target

LOCAL = "http://127.0.0.1:5000"


def test_the_embedded_aws_is_the_default() -> None:
    assert resolve_target(None, environ={}) == Target(kind=TargetKind.EMBEDDED)


def test_aws_endpoint_url_alone_never_switches_the_target() -> None:
    target = resolve_target(None, environ={"AWS_ENDPOINT_URL": LOCAL})

    assert target == Target(kind=TargetKind.EMBEDDED)


def test_aws_is_reached_with_the_profile_given() -> None:
    assert resolve_target("aws", environ={}, profile="qa") == Target(kind=TargetKind.AWS, profile="qa")


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB"])
def test_aws_is_refused_while_the_environment_redirects_requests(variable: str) -> None:
    with pytest.raises(UsageError) as refused:
        resolve_target("aws", environ={variable: LOCAL})

    assert str(refused.value) == (
        f"--target aws, but {variable} is {LOCAL!r}. Unset it to mean the real AWS, "
        "or say --target endpoint to mean that address."
    )


def test_endpoint_takes_a_loopback_address_from_the_environment() -> None:
    target = resolve_target("endpoint", environ={"AWS_ENDPOINT_URL": LOCAL + "/"})

    assert target == Target(kind=TargetKind.ENDPOINT, endpoint=LOCAL)


def test_endpoint_refuses_another_machine_that_only_the_environment_names() -> None:
    with pytest.raises(UsageError) as refused:
        resolve_target("endpoint", environ={"AWS_ENDPOINT_URL": "http://cloud.example:4566"})

    assert str(refused.value) == (
        "AWS_ENDPOINT_URL 'http://cloud.example:4566' is not on this machine. To mean it, say "
        "--endpoint-url http://cloud.example:4566."
    )


def test_endpoint_takes_another_machine_that_is_named_explicitly() -> None:
    target = resolve_target("endpoint", environ={}, endpoint_url="http://cloud.example:4566")

    assert (target.endpoint, target.is_local) == ("http://cloud.example:4566", False)


def test_endpoint_without_an_address_says_where_one_comes_from() -> None:
    with pytest.raises(UsageError) as refused:
        resolve_target("endpoint", environ={})

    assert str(refused.value) == (
        "--target endpoint needs an address: --endpoint-url URL, or AWS_ENDPOINT_URL as `qa serve` prints it."
    )


def test_an_address_that_is_no_url_is_refused() -> None:
    with pytest.raises(
        UsageError, match=r"'localhost:5000' is not an endpoint: expected an http or https URL"
    ):
        resolve_target("endpoint", environ={}, endpoint_url="localhost:5000")


@pytest.mark.parametrize("name", [None, "aws"], ids=["embedded", "aws"])
def test_an_endpoint_url_belongs_to_the_endpoint_target_only(name: str | None) -> None:
    with pytest.raises(UsageError, match="belongs to --target endpoint"):
        resolve_target(name, environ={}, endpoint_url=LOCAL)


def test_an_unknown_target_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError) as refused:
        resolve_target("localstack", environ={})

    assert str(refused.value) == "no target 'localstack'. There are: embedded, aws, endpoint."


def test_a_target_shows_no_secret() -> None:
    secret = Credentials(access_key_id="AKIA", secret_access_key="s3cr3t", session_token="t0k3n")

    shown = repr(Target(kind=TargetKind.EMBEDDED).at(LOCAL, secret))

    assert "s3cr3t" not in shown
    assert "t0k3n" not in shown


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "[::1]"])
def test_loopback_counts_as_this_machine(host: str) -> None:
    target = resolve_target("endpoint", environ={"AWS_ENDPOINT_URL": f"http://{host}:5000"})

    assert target.is_local
