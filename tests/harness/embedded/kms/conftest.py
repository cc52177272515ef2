"""The embedded KMS over HTTP, empty for each test, in two regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.embedded.kms.declaration import SERVICE as KMS
from qa.embedded.settings import Settings

from .serving import Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_kms import KMSClient


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving(KMS.install, settings=Settings()) as served:
        yield served


@pytest.fixture
def served(server: Served) -> Iterator[Served]:
    yield server
    server.forget()


@pytest.fixture
def east(served: Served) -> KMSClient:
    client: KMSClient = served.client("kms", "us-east-1")
    return client


@pytest.fixture
def west(served: Served) -> KMSClient:
    client: KMSClient = served.client("kms", "us-west-2")
    return client


@pytest.fixture
def pair(east: KMSClient, west: KMSClient) -> tuple[str, str]:
    """Return the ARNs of a multi-Region key in East and of its replica in West."""
    primary = east.create_key(MultiRegion=True)["KeyMetadata"]
    east.replicate_key(KeyId=primary["KeyId"], ReplicaRegion="us-west-2")
    return primary["Arn"], primary["Arn"].replace("us-east-1", "us-west-2")
