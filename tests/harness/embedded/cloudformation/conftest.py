"""One server for the tests of this folder; moto is reset between them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from moto.moto_api._internal.models import moto_api_backend

from qa.embedded.server import Server
from qa.embedded.settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

ONCE = Config(retries={"total_max_attempts": 1, "mode": "standard"}, parameter_validation=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aws:
    """Clients of the server; one region unless another is named."""

    endpoint: str

    def client(self, service: str, region: str = "us-east-1") -> Any:
        return boto3.client(
            service,  # type: ignore[call-overload]  # any service
            region_name=region,
            endpoint_url=self.endpoint,
            aws_access_key_id=ADMIN_ACCESS_KEY_ID,
            aws_secret_access_key=ADMIN_SECRET_ACCESS_KEY,
            config=ONCE,
        )

    def create(self, template: object, *, name: str = "demo", **others: Any) -> Any:
        """Return the stack as it is after CreateStack."""
        body = template if isinstance(template, str) else json.dumps(template)
        cloudformation = self.client("cloudformation")
        created = cloudformation.create_stack(StackName=name, TemplateBody=body, **others)
        return cloudformation.describe_stacks(StackName=created["StackId"])["Stacks"][0]

    def update(self, template: object, *, name: str = "demo", **others: Any) -> Any:
        """Return the stack as it is after UpdateStack."""
        cloudformation = self.client("cloudformation")
        cloudformation.update_stack(StackName=name, TemplateBody=json.dumps(template), **others)
        return cloudformation.describe_stacks(StackName=name)["Stacks"][0]

    def events(self, name: str = "demo") -> list[tuple[str, str, str | None]]:
        """Return (logical ID, status, reason) of every event, the oldest first."""
        found = self.client("cloudformation").describe_stack_events(StackName=name)["StackEvents"]
        return [
            (one["LogicalResourceId"], one["ResourceStatus"], one.get("ResourceStatusReason"))
            for one in reversed(found)
        ]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    server = Server(Settings())
    server.start()
    yield server
    server.close()


@pytest.fixture
def aws(server: Server) -> Iterator[Aws]:
    moto_api_backend.reset()  # other folders' tests of this process may have left something
    yield Aws(endpoint=server.world.endpoint)
    moto_api_backend.reset()
