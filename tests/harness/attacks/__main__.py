"""`python -m tests.harness.attacks`: time and memory that the attacks of docs/security.md take (Linux)."""

from __future__ import annotations

import http.client
import socket
import sys
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from qa.embedded.process import start_embedded
from qa.embedded.settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.embedded.process import EmbeddedProcess

MEBIBYTE = 1024 * 1024
LARGE = 300 * MEBIBYTE
HALF_OPEN = 400
PATIENCE = 60.0
NAMES = "abcdefgh"
BOMB = "\n".join(
    (
        "a: &a [x, x, x, x, x, x, x, x, x]",
        *(f"{name}: &{name} [{', '.join([f'*{of}'] * 9)}]" for of, name in pairwise(NAMES)),
        "Resources: {A: {Type: 'AWS::SNS::Topic'}}",
    )
)
"""Nine to the eighth values, had each alias its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What the server's process holds at a moment."""

    resident: int
    """Bytes of memory."""
    threads: int

    def __str__(self) -> str:
        return f"{self.resident / MEBIBYTE:.0f} MiB, {self.threads} threads"


def held(process: EmbeddedProcess) -> Held:
    """Read from /proc what a server holds."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{process.pid}/status").read_text().splitlines())
    return Held(resident=int(status["VmRSS"].split()[0]) * 1024, threads=int(status["Threads"]))


def bombed(process: EmbeddedProcess) -> str:
    """Send a template whose aliases multiply."""
    client = boto3.client(
        "cloudformation",
        "us-east-1",
        endpoint_url=process.endpoint,
        aws_access_key_id=ADMIN_ACCESS_KEY_ID,
        aws_secret_access_key=ADMIN_SECRET_ACCESS_KEY,
        config=Config(retries={"total_max_attempts": 1}),
    )
    with suppress(ClientError):
        client.validate_template(TemplateBody="{}")  # what the first request costs is no matter of the bomb
    started = time.monotonic()
    try:
        client.create_stack(StackName="bomb", TemplateBody=BOMB)
    except ClientError as refused:
        return f"answered after {time.monotonic() - started:.2f} s: {refused.response['Error']['Message']}"
    return "accepted"


def flooded(process: EmbeddedProcess) -> str:
    """Send an unsigned object whose length is said, and all its bytes."""
    head = f"PUT /documents/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: {LARGE}\r\n\r\n"
    started, sent = time.monotonic(), 0
    with socket.create_connection(_place(process), PATIENCE) as connection:
        connection.sendall(head.encode())
        with suppress(ConnectionError):
            while sent < LARGE:
                sent += connection.send(b"a" * 65_536)
        with suppress(ConnectionError):
            status = connection.recv(64).partition(b"\r\n")[0].decode()
            return f"{status} after {time.monotonic() - started:.2f} s"
    return f"connection reset after {sent / MEBIBYTE:.0f} MiB"


def announced(process: EmbeddedProcess) -> str:
    """Send one unsigned byte that is said to become 2 GiB."""
    connection = http.client.HTTPConnection(*_place(process), timeout=PATIENCE)
    headers = {
        "X-Amz-Content-SHA256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "X-Amz-Decoded-Content-Length": str(2048 * MEBIBYTE),
    }
    started = time.monotonic()
    connection.request("PUT", "/documents/a", b"a", headers)
    status = connection.getresponse().status
    connection.close()
    return f"{status} after {time.monotonic() - started:.2f} s"


def half_open(process: EmbeddedProcess) -> str:
    """Open connections that never end their request, and say how others are served meanwhile."""
    with ExitStack() as opened:
        started = time.monotonic()
        connections = [
            opened.enter_context(socket.create_connection(_place(process), PATIENCE))
            for _ in range(HALF_OPEN)
        ]
        for each in connections:
            each.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        waits = sorted(_waits(process))
        during = held(process)
        closed = sum(each.recv(1) == b"" for each in connections)
        return (
            f"{during} meanwhile; others waited {waits[len(waits) // 2] * 1000:.0f} ms (median), "
            f"{waits[-1] * 1000:.0f} ms (longest); {closed} closed within {time.monotonic() - started:.0f} s"
        )


def _waits(process: EmbeddedProcess) -> Iterator[float]:
    for _ in range(30):
        started = time.monotonic()
        connection = http.client.HTTPConnection(*_place(process), timeout=PATIENCE)
        connection.request("GET", "/documents/a")
        connection.getresponse().read()
        connection.close()
        yield time.monotonic() - started


def _place(process: EmbeddedProcess) -> tuple[str, int]:
    place = urlsplit(process.endpoint)
    return place.hostname or "", place.port or 0


def main() -> None:
    """Attack a server of its own, one way after the other."""
    process = start_embedded(Settings())
    try:
        for attack in (bombed, flooded, announced, half_open):
            before = held(process)
            reported = attack(process)
            sys.stdout.write(f"{attack.__name__}: {reported}\n  before {before}; after {held(process)}\n")
    finally:
        process.stop()


if __name__ == "__main__":
    main()
