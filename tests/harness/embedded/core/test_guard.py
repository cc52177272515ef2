"""No web page gets in: what a browser can be made to send to a loopback port, and what comes of it."""

from __future__ import annotations

import http.client
import json
import socket
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from qa.embedded.control import Control, ControlError
from qa.embedded.control.routes import STRANGER
from qa.embedded.guard import Guard, is_loopback_host
from qa.embedded.process import start_embedded
from qa.embedded.settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qa.embedded.process import EmbeddedProcess

PAGE = "https://evil.example"
FRIEND = "http://localhost:3000"


def send(
    process: EmbeddedProcess,
    method: str,
    path: str,
    headers: Mapping[str, str] = {},
    body: bytes | None = None,
) -> tuple[int, dict[str, str], bytes]:
    address = urlsplit(process.endpoint)
    with closing(http.client.HTTPConnection(str(address.hostname), address.port, timeout=20)) as connection:
        connection.request(method, path, body=body, headers=dict(headers))
        response = connection.getresponse()
        return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()


def signed(process: EmbeddedProcess, host: str, secret: str = ADMIN_SECRET_ACCESS_KEY) -> dict[str, str]:
    """Return the headers of a ListTables that is signed for a Host header."""
    request = AWSRequest(
        "POST",
        process.endpoint,
        data=b"{}",
        headers={
            "Host": host,
            "X-Amz-Target": "DynamoDB_20120810.ListTables",
            "Content-Type": "application/x-amz-json-1.0",
        },
    )
    SigV4Auth(Credentials(ADMIN_ACCESS_KEY_ID, secret), "dynamodb", "us-east-1").add_auth(request)
    return dict(request.headers.items())


def make_table(process: EmbeddedProcess) -> None:
    boto3.client(
        "dynamodb",
        region_name="us-east-1",
        endpoint_url=process.endpoint,
        aws_access_key_id=ADMIN_ACCESS_KEY_ID,
        aws_secret_access_key=ADMIN_SECRET_ACCESS_KEY,
    ).create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def tables(process: EmbeddedProcess) -> list[str]:
    status, _, body = send(process, "POST", "/", signed(process, urlsplit(process.endpoint).netloc), b"{}")
    assert status == 200
    names: list[str] = json.loads(body)["TableNames"]
    return names


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/moto-api/recorder/start-recording"),
        ("POST", "/moto-api/recorder/upload-recording"),
        ("POST", "/moto-api/recorder/replay-recording"),
        ("POST", "/moto-api/reset"),
        ("POST", "/moto-api/config"),
        ("GET", "/moto-api/data.json"),
        ("GET", "/moto-api/"),
        ("GET", "/moto-api"),
        ("POST", "/%6doto-api/reset"),
        ("POST", "/moto-api-anything"),
        ("GET", "/favicon.ico"),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"Content-Type": "text/plain"}], ids=["plain", "simple request"])
def test_nothing_of_moto_s_own_interface_is_there(
    process: EmbeddedProcess, control: Control, method: str, path: str, headers: dict[str, str]
) -> None:
    make_table(process)

    status, _, body = send(process, method, path, headers, b"{}" if method == "POST" else None)

    shown = path.replace("%6d", "m")
    assert (status, body.decode()) == (404, f"the embedded AWS refuses this request: no resource {shown!r}\n")
    assert tables(process) == ["orders"]


@pytest.mark.parametrize("route", ["reset", "faults", "settings"])
def test_the_control_routes_do_nothing_without_the_secret(
    process: EmbeddedProcess, control: Control, route: str
) -> None:
    make_table(process)

    answers = [
        send(process, "POST", f"/_qa/v1/{route}", headers, b"{}")
        for headers in (
            {},
            {"Authorization": "Bearer qa-embedded-administrator"},
            {"Authorization": "Bearer "},
        )
    ]

    assert [(status, json.loads(body)) for status, _, body in answers] == [(401, {"error": STRANGER})] * 3
    assert tables(process) == ["orders"]


def test_the_control_routes_never_show_nor_change_the_secret(control: Control) -> None:
    assert "admin_secret_access_key" not in control.settings()
    with pytest.raises(ControlError, match="unknown field 'admin_secret_access_key'"):
        control.send("POST", "settings", {"admin_secret_access_key": "known"})
    assert control.state()["account"] == "123456789012"


@pytest.mark.parametrize("path", ["/", "/_qa/v1/state", "/_qa/v1/reset", "/bucket/key"])
@pytest.mark.parametrize("origin", [PAGE, "null", "http://127.0.0.1:1", ""])
def test_a_web_page_is_refused_and_cannot_read_the_answer(
    process: EmbeddedProcess, origin: str, path: str
) -> None:
    authorized = {"Authorization": f"Bearer {ADMIN_SECRET_ACCESS_KEY}", "Origin": origin}

    answers = [send(process, method, path, authorized) for method in ("OPTIONS", "POST", "GET")]

    assert [status for status, _, _ in answers] == [403, 403, 403]
    assert [name for _, headers, _ in answers for name in headers if name.startswith("access-control")] == []


def test_answers_to_programs_carry_no_cors_headers(process: EmbeddedProcess) -> None:
    status, headers, _ = send(process, "POST", "/", signed(process, urlsplit(process.endpoint).netloc), b"{}")

    assert (status, [name for name in headers if name.startswith("access-control")]) == (200, [])


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "moto_api", "10.0.0.1", "[::2]"])
def test_a_host_of_elsewhere_is_refused_however_well_it_is_signed(
    process: EmbeddedProcess, host: str
) -> None:
    named = f"{host}:{urlsplit(process.endpoint).port}"

    status, _, body = send(process, "POST", "/", signed(process, named), b"{}")

    refusal = f"Host {named!r} is not a name or address of this machine's loopback interface"
    assert (status, body.decode()) == (403, f"the embedded AWS refuses this request: {refusal}\n")


@pytest.mark.parametrize("host", ["Host: evil.example\r\n", ""], ids=["elsewhere", "missing"])
def test_an_address_in_absolute_form_does_not_make_up_for_the_host(
    process: EmbeddedProcess, host: str
) -> None:
    address = urlsplit(process.endpoint)
    with socket.create_connection((str(address.hostname), address.port or 0), 20) as connection:
        connection.sendall(f"GET {process.endpoint}/a/b HTTP/1.1\r\n{host}\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65_536), b"")).decode()

    refusal = f"Host {host[6:].strip()!r} is not a name or address of this machine's loopback interface"
    assert (answer.split()[1], answer.partition("\r\n\r\n")[2]) == (
        "403",
        f"the embedded AWS refuses this request: {refusal}\n",
    )


@pytest.mark.parametrize(
    ("host", "is_loopback"),
    [
        ("127.0.0.1:5000", True),
        ("127.8.9.10", True),
        ("localhost:5000", True),
        ("LOCALHOST.", True),
        ("bucket.localhost:5000", True),
        ("my.bucket.s3.localhost:5000", True),
        ("bucket.127.0.0.1:5000", True),
        ("[::1]:5000", True),
        ("[::1]", True),
        ("", False),
        (":5000", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("evil.example#localhost", False),
        ("evillocalhost", False),
        ("127.1", False),
        ("2130706433", False),
        ("192.168.0.1", False),
        ("[::ffff:10.0.0.1]", False),
        ("localhost:evil", False),
        ("..localhost", False),
    ],
)
def test_a_host_is_of_this_machine_or_it_is_not(
    host: str,
    is_loopback: bool,  # noqa: FBT001 - a parameter
) -> None:
    assert is_loopback_host(host) is is_loopback


@pytest.fixture(scope="module")
def friendly() -> Iterator[EmbeddedProcess]:
    """A server that lets one page in, with a secret of its own."""
    process = start_embedded(Settings(allowed_origins=(FRIEND,), admin_secret_access_key="of this server"))
    yield process
    process.stop()


def test_an_allowed_page_is_answered_and_may_read(friendly: EmbeddedProcess) -> None:
    host = urlsplit(friendly.endpoint).netloc
    headers = {**signed(friendly, host, "of this server"), "Origin": FRIEND}

    status, response, body = send(friendly, "POST", "/", headers, b"{}")

    assert (status, json.loads(body), response["access-control-allow-origin"], response["vary"]) == (
        200,
        {"TableNames": []},
        FRIEND,
        "Origin",
    )


def test_an_allowed_page_may_ask_first(friendly: EmbeddedProcess) -> None:
    status, response, _ = send(
        friendly, "OPTIONS", "/", {"Origin": FRIEND, "Access-Control-Request-Headers": "x-amz-target"}
    )

    assert (
        status,
        {name: value for name, value in response.items() if name.startswith("access-control")},
    ) == (
        204,
        {
            "access-control-allow-origin": FRIEND,
            "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
            "access-control-allow-headers": "x-amz-target",
            "access-control-max-age": "600",
        },
    )


def test_another_page_is_refused_beside_it(friendly: EmbeddedProcess) -> None:
    assert send(friendly, "POST", "/", {"Origin": PAGE})[0] == 403


@pytest.mark.parametrize(
    "secret", ["qa-embedded-administrator", ADMIN_SECRET_ACCESS_KEY], ids=["old", "other"]
)
def test_no_secret_opens_a_server_but_its_own(friendly: EmbeddedProcess, secret: str) -> None:
    client = boto3.client(
        "iam",
        region_name="us-east-1",
        endpoint_url=friendly.endpoint,
        aws_access_key_id=ADMIN_ACCESS_KEY_ID,
        aws_secret_access_key=secret,
        config=Config(retries={"total_max_attempts": 1}),
    )

    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        client.list_roles()


def test_a_guard_lets_the_inner_application_see_nothing_of_a_refused_request() -> None:
    seen: list[object] = []

    def inner(environ: object, start_response: object) -> list[bytes]:
        seen.append(environ)
        return []

    statuses: list[str] = []
    list(
        Guard(inner)(
            {"HTTP_HOST": "127.0.0.1", "HTTP_ORIGIN": PAGE, "PATH_INFO": "/", "REQUEST_METHOD": "POST"},
            lambda status, *_: statuses.append(status),  # type: ignore[arg-type]  # no write()
        )
    )

    assert (seen, statuses) == ([], ["403 Forbidden"])
