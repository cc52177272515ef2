"""moto over HTTP in this process, for packages of the embedded AWS that hook into it."""

from __future__ import annotations

import threading
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from qa.embedded.cloudformation.declaration import SERVICE as CLOUDFORMATION
from qa.embedded.inside import Inside
from qa.embedded.settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY
from qa.embedded.world import Caller, Decision, Question, World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager


class Quiet(WSGIRequestHandler):
    """Keep-alive, and no line for each request."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class AllowAll:
    """A judge that allows everything but what a test denies."""

    def __init__(self) -> None:
        self.denied: set[str] = set()
        self.questions: list[Question] = []

    def decide(self, question: Question) -> Decision:
        """Allow unless the action is among the denied."""
        self.questions.append(question)
        return Decision(allowed=question.action not in self.denied, reason="a test said so")

    def current(self) -> Caller:
        """Return the administrator."""
        return Caller(arn="arn:aws:iam::123456789012:root", is_administrator=True)

    def acting_as(self, _: Caller) -> AbstractContextManager[None]:
        """Change nothing."""
        return nullcontext()

    def role_caller(self, role_arn: str, session_name: str) -> Caller:
        """Return a session of the role."""
        return Caller(arn=f"{role_arn}/{session_name}", role_arn=role_arn)


@contextmanager
def serving(world: World) -> Iterator[World]:
    """Serve a world, whose packages are installed, on a free port until the block ends."""
    app = DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    world.endpoint = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield world
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        world.close()
        moto_api_backend.reset()


def with_stacks(world: World) -> None:
    """Let CloudFormation make resources of the packages that are installed."""
    app = DomainDispatcherApplication(create_backend_app)
    world.add(Inside(lambda _, environ, start_response: app(environ, start_response), world))
    CLOUDFORMATION.install(world)


def client(world: World, service: str, region: str) -> Any:
    """Return a boto3 client of the service in the region of the served world."""
    return boto3.client(
        service,  # type: ignore[call-overload]  # the stubs want a literal
        region_name=region,
        endpoint_url=world.endpoint,
        aws_access_key_id=ADMIN_ACCESS_KEY_ID,
        aws_secret_access_key=ADMIN_SECRET_ACCESS_KEY,
        config=Config(retries={"mode": "standard", "total_max_attempts": 1}),
    )
