"""The judge in the embedded AWS as it is started: a process with two ports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config

from qa.embedded.process import EmbeddedProcess, start_embedded
from qa.embedded.settings import Settings

from .refusals import refusal
from .serving import ADMINISTRATOR, EAST, Keys

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def process() -> Iterator[EmbeddedProcess]:
    process = start_embedded(Settings())
    yield process
    process.stop()


def client(endpoint: str, keys: Keys) -> Any:
    return boto3.client(
        "sts",
        region_name=EAST,
        endpoint_url=endpoint,
        aws_access_key_id=keys.access_key_id,
        aws_secret_access_key=keys.secret,
        config=Config(retries={"mode": "standard", "total_max_attempts": 1}),
    )


@pytest.mark.parametrize("port", ["endpoint", "insecure_endpoint"])
def test_both_ports_know_the_administrator_and_no_stranger(port: str, process: EmbeddedProcess) -> None:
    endpoint = getattr(process, port)
    stranger = Keys(access_key_id="AKIAIOSFODNN7EXAMPLE", secret="x")

    identity = client(endpoint, ADMINISTRATOR).get_caller_identity()

    assert identity["Arn"] == "arn:aws:iam::123456789012:user/administrator"
    assert refusal(client(endpoint, stranger).get_caller_identity)[1] == "InvalidClientTokenId"
