"""Clients with the default retries: a refusal that they repeat would make the tests wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config

from qa.embedded.settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.harness.embedded.iam.serving import Served


@pytest.fixture
def client(account: Served) -> Callable[[str], Any]:
    def of(service: str) -> Any:
        return boto3.client(
            service,  # type: ignore[call-overload]  # the stubs want a literal
            region_name="us-east-1",
            endpoint_url=account.world.endpoint,
            aws_access_key_id=ADMIN_ACCESS_KEY_ID,
            aws_secret_access_key=ADMIN_SECRET_ACCESS_KEY,
            config=Config(s3={"addressing_style": "path"}),
        )

    return of
