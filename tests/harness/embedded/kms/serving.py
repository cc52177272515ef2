"""moto with the packages under test, served in this process on a free port, with a judge made for tests."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from qa.embedded.iam.identities import IamIdentities
from qa.embedded.settings import ACCOUNT_ID, ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY, Settings
from qa.embedded.world import Caller, Decision, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qa.embedded.world import Question

ADMINISTRATOR = Caller(arn=f"arn:aws:iam::{ACCOUNT_ID}:user/administrator", is_administrator=True)


@dataclass(slots=True)
class Judge:
    """Our protocol's judge: allows everything but the actions that a test refuses, and remembers."""

    refused: set[str] = field(default_factory=set)
    questions: list[Question] = field(default_factory=list)
    caller: Caller = ADMINISTRATOR

    def decide(self, question: Question) -> Decision:
        self.questions.append(question)
        if question.action in self.refused:
            return Decision(allowed=False, reason="because a test refuses it")
        return Decision(allowed=True)

    def current(self) -> Caller:
        return self.caller

    @contextmanager
    def acting_as(self, caller: Caller) -> Iterator[None]:
        before, self.caller = self.caller, caller
        try:
            yield
        finally:
            self.caller = before

    def role_caller(self, role_arn: str, session_name: str) -> Caller:
        name = role_arn.rpartition("/")[2]
        return Caller(arn=f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/{name}/{session_name}", role_arn=role_arn)


@dataclass(slots=True, kw_only=True)
class Served:
    """A world that answers over HTTP, and the judge that its services ask."""

    world: World
    judge: Judge
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict)

    def client(self, service: Any, region: str) -> Any:
        """Return a boto3 client for the server, with one attempt per call."""
        if (service, region) not in self._clients:
            self._clients[service, region] = self._new_client(service, region)
        return self._clients[service, region]

    def forget(self) -> None:
        """Empty the world for the next test."""
        moto_api_backend.reset()
        self.world.reset()
        self.world.faults.end_all()
        self.judge.refused.clear()
        self.judge.questions.clear()

    def _new_client(self, service: Any, region: str) -> Any:
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.world.endpoint,
            aws_access_key_id=ADMIN_ACCESS_KEY_ID,
            aws_secret_access_key=ADMIN_SECRET_ACCESS_KEY,
            config=Config(retries={"total_max_attempts": 1, "mode": "standard"}),
        )


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@contextmanager
def serving(*installs: Callable[[World], None], settings: Settings) -> Iterator[Served]:
    """Serve a world with these packages installed; end it and forget its state afterwards."""
    judge = Judge()
    world = World(settings=settings, scratch=Path())
    world.authorizer = judge
    world.identities = IamIdentities(world.account_id)
    server = make_server(
        "127.0.0.1",
        0,
        DomainDispatcherApplication(create_backend_app),
        threaded=True,
        request_handler=_Quiet,
    )
    world.endpoint = f"http://127.0.0.1:{server.server_port}"
    for install in installs:
        install(world)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Served(world=world, judge=judge)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        world.close()
