"""One embedded Lambda over HTTP per module, and functions that a test makes for itself."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

from qa.embedded.lambda_.declaration import SERVICE as LAMBDA
from qa.embedded.settings import Settings
from qa.embedded.sns.declaration import SERVICE as SNS
from qa.embedded.world import World
from tests.harness.embedded.dynamodb.serving import with_stacks

from .fakes import FakeAuthorizer, FakeMetrics
from .functions import Aws

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


# moto and its hooks are one per process: whoever comes next must find them as they were
@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """An embedded AWS with the real Lambda and moto's own other services."""
    world = World(settings=Settings(function_environments=6), scratch=tmp_path_factory.mktemp("lambda"))
    world.authorizer = FakeAuthorizer()
    world.metrics = FakeMetrics()
    server = make_server(
        "127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True, request_handler=_Quiet
    )
    world.endpoint = f"http://127.0.0.1:{server.server_port}"
    LAMBDA.install(world)
    with_stacks(world)
    SNS.install(world)  # whose messages run functions; moto asks the judge that was installed last
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield world
    server.shutdown()
    server.server_close()
    thread.join()
    world.close()


@pytest.fixture(scope="module")
def aws(world: World) -> Aws:
    """Clients and functions of that AWS."""
    return Aws(world)
