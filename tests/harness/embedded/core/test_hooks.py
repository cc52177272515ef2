"""What the server itself takes over from moto 5.2.5; red when a symbol moves."""

from __future__ import annotations

import inspect
from importlib.metadata import version

from moto.core.common_models import BaseModel
from moto.moto_api._internal.models import MotoAPIBackend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler

from qa.embedded.server import SERVICES


def test_moto_is_the_release_that_is_hooked() -> None:
    assert version("moto") == "5.2.5"


def test_the_symbols_that_the_server_wraps_are_where_they_were() -> None:
    assert list(inspect.signature(MotoAPIBackend.reset).parameters) == ["self"]
    assert "__new__" in vars(BaseModel)
    assert list(inspect.signature(DomainDispatcherApplication).parameters) == ["create_app"]
    assert list(inspect.signature(create_backend_app).parameters) == ["service"]


def test_werkzeug_hands_the_socket_to_the_application() -> None:
    """A reset on purpose needs the connection itself."""
    assert '"werkzeug.socket"' in inspect.getsource(WSGIRequestHandler.make_environ)


def test_the_services_are_installed_in_an_order_that_gives_the_world_its_judge_first() -> None:
    assert (SERVICES[0], SERVICES[-1]) == ("iam", "cloudformation")
