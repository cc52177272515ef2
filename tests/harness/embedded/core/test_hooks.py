"""What the server itself takes over from moto 5.2.5; red when a symbol moves."""

from __future__ import annotations

import inspect
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import determine_request_protocol
from moto.core.routing import ServiceOperationRouter, get_service_router
from moto.core.utils import get_service_model
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler

from qa.embedded.services import SERVICES

if TYPE_CHECKING:
    from collections.abc import Callable

GATE: dict[str, Callable[..., Any]] = {
    "determine_request_protocol": determine_request_protocol,
    "get_service_model": get_service_model,
    "get_service_router": get_service_router,
    "ServiceOperationRouter.match": ServiceOperationRouter.match,
    "RequestParser.parse": PROTOCOL_PARSERS["json"].parse,
}


def test_moto_is_the_release_that_is_hooked() -> None:
    assert version("moto") == "5.2.5"


def test_the_applications_that_the_server_serves_are_where_they_were() -> None:
    assert list(inspect.signature(DomainDispatcherApplication).parameters) == ["create_app"]
    assert list(inspect.signature(create_backend_app).parameters) == ["service"]


def test_what_the_gate_asks_of_moto_is_where_it_was() -> None:
    assert {name: list(inspect.signature(each).parameters) for name, each in GATE.items()} == {
        "determine_request_protocol": ["service_model", "content_type"],
        "get_service_model": ["service_name"],
        "get_service_router": ["service_name"],
        "ServiceOperationRouter.match": ["self", "request"],
        "RequestParser.parse": ["self", "request_dict"],
    }


def test_werkzeug_hands_the_socket_to_the_application() -> None:
    """A reset on purpose needs the connection itself."""
    assert '"werkzeug.socket"' in inspect.getsource(WSGIRequestHandler.make_environ)


def test_cloudformation_is_installed_when_all_services_are_that_it_asks() -> None:
    assert SERVICES[-1].name == "cloudformation"
