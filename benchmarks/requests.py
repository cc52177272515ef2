"""What the server works on one request, beside moto without us."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from qa.embedded.process import start_embedded
from qa.embedded.settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY
from qa.live.session import EMBEDDED_SETTINGS

from .figures import Figure, Samples
from .measuring import ROOT, BenchmarkError

if TYPE_CHECKING:
    from collections.abc import Iterator

REGION = "us-east-1"
ROUNDS = 7
REQUESTS = 300
ITEM = {"id": {"S": "order-1"}, "amount": {"N": "12.5"}, "note": {"S": "x" * 100}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A server that is a process of its own."""

    endpoint: str
    pid: int

    def client(self, service: str) -> Any:
        """Return a client with the administrator's credentials."""
        return boto3.client(
            service,  # type: ignore[call-overload]  # the stubs want a literal
            region_name=REGION,
            endpoint_url=self.endpoint,
            aws_access_key_id=ADMIN_ACCESS_KEY_ID,
            aws_secret_access_key=ADMIN_SECRET_ACCESS_KEY,
        )

    def cpu_seconds(self) -> float:
        """Return how long the process has worked so far, in user and kernel mode."""
        # the name may hold blanks; what follows it begins with field 3, the state
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A request with its signature, good for five minutes, to be sent again and again."""

    what: str
    body: bytes
    headers: dict[str, str]

    def send(self, connection: http.client.HTTPConnection) -> None:
        """Send it and read the answer. Raises BenchmarkError for any but 200."""
        connection.request("POST", "/", self.body, self.headers)
        response = connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise BenchmarkError(f"{self.what}: {response.status} {answer!r}")


def cpu_per_request() -> tuple[Figure, ...]:
    """PutItem, GetItem and GenerateDataKey on a connection that is kept alive, in turns with bare moto."""
    if not Path("/proc/self/stat").exists():
        raise BenchmarkError("the CPU time of a server is read from /proc, which this system does not have")
    with ExitStack() as stack:
        ours, bare = stack.enter_context(embedded()), stack.enter_context(_bare())
        pairs = list(zip(_prepared(ours), _prepared(bare), strict=True))
        return tuple(_figure(ours, bare, pair) for pair in pairs)


def _figure(ours: Served, bare: Served, pair: tuple[Signed, Signed]) -> Figure:
    for served, request in zip((ours, bare), pair, strict=True):
        _seconds_per_request(served, request)  # what is made at the first request is not counted
    rounds = [
        tuple(_seconds_per_request(served, one) for served, one in zip((ours, bare), pair, strict=True))
        for _ in range(ROUNDS)
    ]
    measured, reference = zip(*rounds, strict=True)
    what = pair[0].what
    return Figure(
        measured=Samples(what=f"CPU of one {what}", values=measured),
        reference=Samples(what="that of bare moto", values=reference),
        at_most_ratio=1.1,
    )


def _seconds_per_request(served: Served, request: Signed) -> float:
    address = urlsplit(served.endpoint)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=60)
    try:
        begun = served.cpu_seconds()
        for _ in range(REQUESTS):
            request.send(connection)
        return (served.cpu_seconds() - begun) / REQUESTS
    finally:
        connection.close()


def _prepared(served: Served) -> tuple[Signed, ...]:
    """Make a table and a key, and return the three requests."""
    served.client("dynamodb").create_table(
        TableName="orders",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    key = served.client("kms").create_key()["KeyMetadata"]["KeyId"]
    dynamodb, kms = "DynamoDB_20120810", "TrentService"
    return (
        _signed(served, dynamodb, "PutItem", {"TableName": "orders", "Item": ITEM}),
        _signed(served, dynamodb, "GetItem", {"TableName": "orders", "Key": {"id": ITEM["id"]}}),
        _signed(served, kms, "GenerateDataKey", {"KeyId": key, "KeySpec": "AES_256"}),
    )


def _signed(served: Served, target: str, operation: str, parameters: dict[str, Any]) -> Signed:
    service, version = ("dynamodb", "1.0") if target.startswith("Dynamo") else ("kms", "1.1")
    body = json.dumps(parameters).encode()
    request = AWSRequest(
        method="POST",
        url=f"{served.endpoint}/",
        data=body,
        headers={
            "Content-Type": f"application/x-amz-json-{version}",
            "X-Amz-Target": f"{target}.{operation}",
        },
    )
    SigV4Auth(Credentials(ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY), service, REGION).add_auth(request)
    return Signed(what=operation, body=body, headers=dict(request.headers))


@contextmanager
def embedded() -> Iterator[Served]:
    """Start the embedded AWS as a process of its own, and stop it at the end."""
    process = start_embedded(EMBEDDED_SETTINGS)
    try:
        yield Served(endpoint=process.endpoint, pid=process.pid)
    finally:
        process.stop()


@contextmanager
def _bare() -> Iterator[Served]:
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.bare"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        endpoint = process.stdout.readline().strip() if process.stdout else ""
        if not endpoint:
            raise BenchmarkError("moto did not start")
        yield Served(endpoint=endpoint, pid=process.pid)
    finally:
        process.terminate()
        process.wait()
