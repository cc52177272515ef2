"""The embedded S3 over HTTP with short lags, empty for each test, in two regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.embedded.kms.declaration import SERVICE as KMS
from qa.embedded.s3.declaration import SERVICE as S3
from qa.embedded.settings import Settings
from tests.harness.embedded.dynamodb.serving import with_stacks
from tests.harness.embedded.kms.serving import Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with serving(
        KMS.install, S3.install, with_stacks, settings=Settings(document_replication_lag=0.05)
    ) as served:
        yield served


@pytest.fixture
def served(server: Served) -> Iterator[Served]:
    yield server
    server.forget()


@pytest.fixture
def east(served: Served) -> S3Client:
    client: S3Client = served.client("s3", "us-east-1")
    return client


@pytest.fixture
def west(served: Served) -> S3Client:
    client: S3Client = served.client("s3", "us-west-2")
    return client
