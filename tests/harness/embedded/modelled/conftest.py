"""One embedded AWS as a process for the tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config

from qa.embedded.control import Control
from qa.embedded.process import EmbeddedProcess, start_embedded
from qa.embedded.settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="module")
def process() -> Iterator[EmbeddedProcess]:
    process = start_embedded(Settings())
    yield process
    process.stop()


@pytest.fixture
def client(process: EmbeddedProcess) -> Iterator[Callable[[str], Any]]:
    def of(service: str) -> Any:
        return boto3.client(
            service,  # type: ignore[call-overload]  # the stubs want a literal
            region_name="us-east-1",
            endpoint_url=process.endpoint,
            aws_access_key_id=ADMIN_ACCESS_KEY_ID,
            aws_secret_access_key=ADMIN_SECRET_ACCESS_KEY,
            # the default retries: a refusal that they repeat would make the tests wait
            config=Config(s3={"addressing_style": "path"}),
        )

    yield of
    Control(process.endpoint).reset()
