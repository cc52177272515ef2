"""moto with the judge, served in this process on two free ports, and clients for every kind of caller."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from qa.embedded.access.patches import install as install_judge
from qa.embedded.iam.declaration import SERVICE as IAM
from qa.embedded.patches import apply
from qa.embedded.request import WORLD
from qa.embedded.s3 import access
from qa.embedded.services import SERVICES
from qa.embedded.settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY, Settings
from qa.embedded.sts.declaration import SERVICE as STS
from qa.embedded.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EAST = "us-east-1"
TRUST_LAMBDA = {"Service": "lambda.amazonaws.com"}
ACCOUNT_ROOT = {"AWS": "arn:aws:iam::123456789012:root"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Credentials of a caller."""

    access_key_id: str
    secret: str
    token: str | None = None


ADMINISTRATOR = Keys(access_key_id=ADMIN_ACCESS_KEY_ID, secret=ADMIN_SECRET_ACCESS_KEY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A world that is being served."""

    world: World

    def client(self, service: str, keys: Keys | None = ADMINISTRATOR, *, region: str = EAST) -> Any:
        """Return a boto3 client of a caller; of nobody for None."""
        return self._client(service, keys, region=region, endpoint=self.world.endpoint)

    def insecure_client(self, service: str, keys: Keys | None = ADMINISTRATOR) -> Any:
        """Return a client whose requests count as sent without TLS."""
        return self._client(service, keys, region=EAST, endpoint=self.world.insecure_endpoint)

    def role(self, name: str, *statements: Mapping[str, Any], trusts: Any = ACCOUNT_ROOT) -> str:
        """Create a role with one inline policy of these statements; return its ARN."""
        admin = self.client("iam")
        trust = statement("sts:AssumeRole", Principal=trusts)
        del trust["Resource"]
        arn: str = admin.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
        if statements:
            admin.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(*statements))
        return arn

    def session(self, name: str, *statements: Mapping[str, Any]) -> Keys:
        """Create a role as `role` does and return the credentials of a session named `test`."""
        arn = self.role(name, *statements)
        response = self.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
        return Keys(
            access_key_id=response["AccessKeyId"],
            secret=response["SecretAccessKey"],
            token=response["SessionToken"],
        )

    def user(self, name: str, *statements: Mapping[str, Any]) -> Keys:
        """Create a user with one inline policy of these statements and return an access key."""
        admin = self.client("iam")
        admin.create_user(UserName=name)
        if statements:
            admin.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=document(*statements))
        response = admin.create_access_key(UserName=name)["AccessKey"]
        return Keys(access_key_id=response["AccessKeyId"], secret=response["SecretAccessKey"])

    def forget(self) -> None:
        """Forget all state."""
        moto_api_backend.reset()
        self.world.reset()

    def _client(self, service: str, keys: Keys | None, *, region: str, endpoint: str) -> Any:
        nobody = Config(signature_version=UNSIGNED) if keys is None else Config()
        return boto3.client(
            service,  # type: ignore[call-overload]  # the stubs want a literal
            region_name=region,
            endpoint_url=endpoint,
            aws_access_key_id=keys and keys.access_key_id,
            aws_secret_access_key=keys and keys.secret,
            aws_session_token=keys and keys.token,
            config=Config(
                retries={"mode": "standard", "total_max_attempts": 1},
                s3={"addressing_style": "path"},
            ).merge(nobody),
        )


def statement(action: str | list[str], resource: str | list[str] = "*", **members: Any) -> dict[str, Any]:
    """Return a statement that allows, unless its members say Effect Deny."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **members}


def document(*statements: Mapping[str, Any]) -> str:
    """Return a policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[Served]:
    """Serve moto with the judge until the block ends."""
    world = World(settings=Settings(), scratch=Path(), services=SERVICES)
    install_judge(world)
    IAM.install(world)
    STS.install(world)
    world.on_close(apply(access.PATCHES, world))
    app = DomainDispatcherApplication(create_backend_app)

    def secure(environ: Any, start_response: Any) -> Any:
        return app({**environ, WORLD: world}, start_response)

    def insecure(environ: Any, start_response: Any) -> Any:
        return secure({**environ, "qa.secure_transport": "false"}, start_response)

    servers = [
        make_server("127.0.0.1", 0, each, threaded=True, request_handler=_Quiet)
        for each in (secure, insecure)
    ]
    threads = [threading.Thread(target=server.serve_forever, daemon=True) for server in servers]
    for thread in threads:
        thread.start()
    world.endpoint, world.insecure_endpoint = (f"http://127.0.0.1:{each.server_port}" for each in servers)
    try:
        yield Served(world=world)
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
        for thread in threads:
            thread.join()
        world.close()
        moto_api_backend.reset()
