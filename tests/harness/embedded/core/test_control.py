"""The control routes: what is at which path, and that nothing of a request is ignored."""

from __future__ import annotations

import dataclasses
import http.client
import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from qa.embedded.clock import Clock
from qa.embedded.control import Control, ControlError
from qa.embedded.control.routes import LATEST, ROUTES
from qa.embedded.faults.document import document
from qa.embedded.fields import FieldError
from qa.embedded.settings import ADMIN_SECRET_ACCESS_KEY, CHANGEABLE, Settings
from qa.embedded.world import World

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa.embedded.process import EmbeddedProcess

FIXED = {"port", "insecure_port", "allowed_origins", "admin_secret_access_key"}
CREATED = Path(__file__).parents[4] / "docs" / "faults.md"


def send(
    process: EmbeddedProcess, method: str, path: str, body: bytes | Iterable[bytes] | None = None
) -> tuple[int, dict[str, str], Any]:
    address = urlsplit(process.endpoint)
    with closing(http.client.HTTPConnection(str(address.hostname), address.port, timeout=20)) as connection:
        headers = {"Authorization": f"Bearer {ADMIN_SECRET_ACCESS_KEY}"}
        connection.request(method, path, body=body, headers=headers)
        response = connection.getresponse()
        reply = {name.lower(): value for name, value in response.getheaders()}
        return response.status, reply, json.loads(response.read())


def test_the_page_is_what_the_tables_say() -> None:
    assert CREATED.read_text("utf-8") == document()


def test_each_setting_is_changeable_or_fixed() -> None:
    changeable = {field.name for field in CHANGEABLE}

    assert changeable | FIXED == {field.name for field in dataclasses.fields(Settings)}
    assert changeable & FIXED == set()


def test_the_state_says_where_the_server_is(process: EmbeddedProcess, control: Control) -> None:
    assert control.state() == {
        "pid": process.pid,
        "endpoint": process.endpoint,
        "insecure_endpoint": process.insecure_endpoint,
        "account": "123456789012",
    }


def test_the_clock_is_moved_forward(control: Control) -> None:
    before = control.time()

    control.advance_clock(3_600)

    assert control.time() - before == pytest.approx(3_600, abs=5)


def test_a_setting_is_changed(control: Control) -> None:
    control.change_settings(table_replication_lag=0.25, function_environments=8)

    changed = control.settings()
    assert (changed["table_replication_lag"], changed["function_environments"]) == (0.25, 8)


def test_settings_are_changed_all_or_none(control: Control) -> None:
    before = control.settings()

    with pytest.raises(ControlError):
        control.change_settings(document_replication_lag=7.0, alarm_interval=0.0)

    assert control.settings() == before


def test_faults_are_listed_oldest_first_and_ended(control: Control) -> None:
    first = control.start_fault("throttle", region="eu-west-1")
    second = control.start_fault("latency", service="sqs", seconds=1.5)
    listed = control.faults()
    control.end_fault(first)
    left = control.faults()

    control.end_faults()

    later = {"id": second, "kind": "latency", "service": "sqs", "seconds": 1.5}
    assert listed == [{"id": first, "kind": "throttle", "region": "eu-west-1"}, later]
    assert (left, control.faults()) == ([later], [])


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "words"),
    [
        ("GET", "/_qa/health", None, 404, "unknown path '/_qa/health'. Known below /_qa/v1/: state"),
        (
            "POST",
            "/_qa/faults",
            b"{}",
            404,
            "unknown path '/_qa/faults'. Did you mean '/_qa/v1/faults'?",
        ),
        ("GET", "/_qa/v1/setings", None, 404, "Did you mean '/_qa/v1/settings'?"),
        ("GET", "/_qa/v1/state/1", None, 404, "unknown path '/_qa/v1/state/1'."),
        ("DELETE", "/_qa/v1/faults/77", None, 404, "no fault 77. In force: none."),
        ("DELETE", "/_qa/v1/faults/x", None, 404, "unknown path '/_qa/v1/faults/x'."),
        ("PUT", "/_qa/v1/faults", b"{}", 405, "/_qa/v1/faults has no method PUT. It has: GET, POST, DELETE."),
        ("GET", "/_qa/v1/state?verbose=1", None, 400, "there are no query parameters"),
        ("POST", "/_qa/v1/clock", b"{", 400, "the body is not valid JSON:"),
        ("POST", "/_qa/v1/clock", b"[" * 60_000, 400, "the body is not valid JSON:"),
        ("POST", "/_qa/v1/clock", b"[1]", 400, "the body must be a JSON object; got [1]."),
        ("POST", "/_qa/v1/clock", b'{"advance": 1, "advance": 2}', 400, "'advance' occurs more than once"),
        ("POST", "/_qa/v1/clock", b'{"advance": NaN}', 400, "got nan."),
        ("POST", "/_qa/v1/clock", b'{"advance": -1}', 400, "got -1."),
        ("POST", "/_qa/v1/clock", b"{}", 400, "POST /_qa/v1/clock: 'advance' is required"),
        ("POST", "/_qa/v1/clock", b'{"advanced": 1}', 400, "Did you mean 'advance'?"),
        ("POST", "/_qa/v1/clock", b" " * 65_537, 400, "the body is longer than 65,536 bytes."),
        ("POST", "/_qa/v1/clock", [b" " * 40_000] * 2, 400, "the body is longer than 65,536 bytes."),
        ("GET", "/_qa/v1/clock", b'{"advance": 1}', 400, "unknown field 'advance'. There are none."),
        ("POST", "/_qa/v1/settings", b"{}", 400, "settings: name one or more of table_replication_lag"),
        ("POST", "/_qa/v1/settings", b'{"table_replication_leg": 1}', 400, "'table_replication_lag'?"),
        ("POST", "/_qa/v1/settings", b'{"port": 1}', 400, "unknown field 'port'."),
        ("POST", "/_qa/v1/settings", b'{"alarm_interval": 0}', 400, "above 0 and at most 86,400; got 0."),
        ("POST", "/_qa/v1/settings", b'{"function_environments": 1.5}', 400, "a whole number"),
        ("POST", "/_qa/v1/faults", b'{"kind": "throtle"}', 400, "Did you mean 'throttle'?"),
        ("POST", "/_qa/v1/faults", b'{"kind": "errors", "self": 1}', 400, "unknown field 'self'."),
        ("POST", "/_qa/v1/reset", b'{"all": true}', 400, "unknown field 'all'. There are none."),
    ],
)
def test_what_a_route_does_not_know_is_refused_and_nothing_is_done(
    process: EmbeddedProcess,
    control: Control,
    method: str,
    path: str,
    body: bytes | list[bytes] | None,
    status: int,
    words: str,
) -> None:
    before = control.settings()

    response, _, answer = send(process, method, path, body)

    assert (response, list(answer), words in answer["error"]) == (status, ["error"], True), answer
    assert (control.settings(), control.faults()) == (before, [])


def test_a_method_that_a_path_has_not_is_answered_with_those_it_has(process: EmbeddedProcess) -> None:
    assert send(process, "POST", "/_qa/v1/state", b"{}")[1]["allow"] == "GET"


def test_the_clock_ends_before_dates_do() -> None:
    world = World(settings=Settings(), scratch=Path(), clock=Clock(lambda: LATEST - 60))
    routes = {(route.method, route.path): route for route in ROUTES}

    with pytest.raises(FieldError, match=r"^the clock cannot be moved beyond the year 9998\.$"):
        routes["POST", "clock"].handle(world, {"advance": 61})

    assert world.clock.time() == LATEST - 60


def test_a_refusal_is_the_clients_error_in_its_words(process: EmbeddedProcess, control: Control) -> None:
    with pytest.raises(ControlError) as raised:
        control.start_fault("throttle", region="us-wets-2")

    assert str(raised.value) == (
        f"POST {process.endpoint}/_qa/v1/faults: fault 'throttle': unknown region 'us-wets-2'. "
        "Did you mean 'us-west-2'?"
    )


def test_a_server_that_is_gone_is_said_by_its_address() -> None:
    with pytest.raises(ControlError, match=r"no embedded AWS answers at http://127\.0\.0\.1:1/_qa/v1/state"):
        Control("http://127.0.0.1:1").state()
