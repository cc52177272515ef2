"""Functions under test: made from source text, each with a name of its own."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3
from botocore.config import Config

from qa.embedded.settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.embedded.world import World

    from .fakes import FakeAuthorizer, FakeMetrics

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
EVERYTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}


def zipped(files: Mapping[str, str]) -> bytes:
    """Return a deployment package with these files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return packed.getvalue()


class Aws:
    """Clients of one embedded AWS, and functions made there."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._clients: dict[tuple[str, str], Any] = {}

    @property
    def authorizer(self) -> FakeAuthorizer:
        """The stand-in for the judge."""
        return self.world.authorizer  # type: ignore[return-value]  # set by the world fixture

    @property
    def metrics(self) -> FakeMetrics:
        """The stand-in for the metrics."""
        return self.world.metrics  # type: ignore[return-value]  # set by the world fixture

    def client(self, service: str, region: str = "us-east-1") -> Any:
        """Return a client under the administrator's credentials that does not retry."""
        key = (service, region)
        if key not in self._clients:
            self._clients[key] = boto3.client(  # type: ignore[call-overload]  # the service is a parameter
                service,
                region_name=region,
                endpoint_url=self.world.endpoint,
                aws_access_key_id=ADMIN_ACCESS_KEY_ID,
                aws_secret_access_key=ADMIN_SECRET_ACCESS_KEY,
                config=Config(retries={"total_max_attempts": 1}, read_timeout=60, max_pool_connections=20),
            )
        return self._clients[key]

    def role(self) -> str:
        """Return the ARN of a new role that trusts Lambda and may do everything."""
        name = f"qa-role-{uuid4().hex[:8]}"
        iam = self.client("iam")
        created = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
        iam.put_role_policy(RoleName=name, PolicyName="everything", PolicyDocument=json.dumps(EVERYTHING))
        return str(created["Role"]["Arn"])

    def function(self, source: str | Mapping[str, str], **parameters: Any) -> str:
        """Create a function from the text of index.js (or from files); return its name."""
        name = f"qa-function-{uuid4().hex[:8]}"
        files = {"index.js": source} if isinstance(source, str) else source
        self.client("lambda").create_function(
            **{
                "FunctionName": name,
                "Runtime": "nodejs22.x",
                "Handler": "index.handler",
                "Role": parameters.pop("Role", None) or self.role(),
                "Code": {"ZipFile": zipped(files)},
                **parameters,
            }
        )
        return name

    def invoke(self, name: str, event: object = None, **parameters: Any) -> dict[str, Any]:
        """Invoke and return the answer, its payload read and decoded."""
        payload = {} if event is None else {"Payload": json.dumps(event)}
        answer: dict[str, Any] = self.client("lambda").invoke(FunctionName=name, **payload, **parameters)
        body = answer["Payload"].read()
        answer["Payload"] = json.loads(body) if body else None
        return answer

    @staticmethod
    def tail(answer: dict[str, Any]) -> str:
        """Return the log tail that came with an answer."""
        return base64.b64decode(answer["LogResult"]).decode()
