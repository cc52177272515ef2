"""Throttling, a 5xx and a lost answer: a question is asked again, and never answered with a verdict."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from qa.errors import ProbeError
from qa.live.evidence.journal import Journal
from qa.probe import lambda_, s3, sqs
from qa.probe.errors import RefusedError
from qa.stack import Clients, Credentials, Target, TargetKind
from tests.integration.test_recovery_drills import seconds_until_there

from .answering import LOST, answering

if TYPE_CHECKING:
    from qa.probe.dynamodb import Item
    from tests.integration.records import Records

REGION = "us-east-1"
THROTTLED = (429, b'{"__type": "TooManyRequestsException", "message": "Rate exceeded"}')
BROKEN = (503, b'{"__type": "ServiceException", "message": "no"}')
NO_QUEUE = (400, b'{"__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "no such queue"}')


def clients_at(url: str, *, journal: Journal | None = None) -> Clients:
    credentials = Credentials(access_key_id="AKIAEXAMPLE", secret_access_key="example")
    target = Target(kind=TargetKind.ENDPOINT, endpoint=url, credentials=credentials)
    return Clients(target, watch=None if journal is None else journal.watch)


@pytest.mark.parametrize("fault", [THROTTLED, BROKEN, LOST], ids=["throttled", "503", "lost answer"])
def test_an_invoke_without_an_answer_is_repeated(fault: tuple[int, bytes] | None) -> None:
    with answering(fault, (200, b'{"statusCode": 200}')) as server:
        answer = lambda_.invoke(clients_at(server.url).lambda_(REGION), "processor", {})

    assert answer.payload == {"statusCode": 200}
    assert server.seen == ["POST /2015-03-31/functions/processor/invocations"] * 2


@pytest.mark.parametrize("fault", [BROKEN, LOST], ids=["503", "lost answer"])
def test_a_function_that_must_not_run_twice_is_invoked_once(fault: tuple[int, bytes] | None) -> None:
    with answering(fault) as server, pytest.raises(ProbeError):
        lambda_.invoke(clients_at(server.url).lambda_once(REGION), "processor", {})

    assert server.seen == ["POST /2015-03-31/functions/processor/invocations"]


@pytest.mark.parametrize("fault", [THROTTLED, BROKEN, LOST], ids=["throttled", "503", "lost answer"])
def test_a_plain_get_without_an_answer_is_repeated(fault: tuple[int, bytes] | None) -> None:
    with answering(fault, (200, b"document")) as server:
        answer = s3.http_get(f"{server.url}/bucket/key?signed", every=0.001)

    assert answer == (200, "document")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_plain_get_that_stays_without_an_answer_is_no_verdict(status: int) -> None:
    with answering((status, b"")) as server, pytest.raises(ProbeError) as caught:
        s3.http_get(f"{server.url}/bucket/key?signed", within=0, every=0.001)

    assert str(caught.value).startswith(f"GET {server.url}/bucket/key was still '{status} ")


def test_a_refusal_is_the_answer_of_a_plain_get() -> None:
    with answering((403, b"AccessDenied")) as server:
        assert s3.http_get(server.url) == (403, "AccessDenied")


def test_a_plain_get_of_loopback_takes_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)

    with answering((200, b"document")) as server:
        assert s3.http_get(server.url, within=0) == (200, "document")


def test_a_queue_whose_deletion_lost_its_answer_is_deleted() -> None:
    with answering(LOST, NO_QUEUE) as server:
        sqs.delete_queue(clients_at(server.url).sqs(REGION), f"{server.url}/123456789012/queue")

    assert len(server.seen) == 2


def test_a_queue_that_is_not_there_at_the_first_attempt_is_no_deletion() -> None:
    with answering(NO_QUEUE) as server, pytest.raises(RefusedError, match="no such queue"):
        sqs.delete_queue(clients_at(server.url).sqs(REGION), f"{server.url}/123456789012/queue")


def test_the_journal_keeps_a_call_that_got_no_answer() -> None:
    journal = Journal()
    url = "http://127.0.0.1:1/2015-03-31/functions/processor/invocations"
    client = clients_at("http://127.0.0.1:1", journal=journal).lambda_once(REGION)

    with pytest.raises(ProbeError):
        lambda_.invoke(client, "processor", {})

    unreachable = f'Could not connect to the endpoint URL: "{url}"'
    assert [(call.service, call.operation, call.about, call.outcome) for call in journal.calls()] == [
        (
            "lambda",
            "Invoke",
            {"FunctionName": "processor"},
            f"no answer: {unreachable}",
        )
    ]


class _Reads:
    """Reads of a record that each take so many seconds and find it or not."""

    def __init__(self, clock: list[float], *reads: tuple[float, bool]) -> None:
        self._clock = clock
        self._reads = list(reads)

    def read(self, _region: str, record: Item) -> Item | None:
        seconds, finds = self._reads.pop(0)
        self._clock[0] += seconds
        return record if finds else None


@pytest.mark.parametrize(
    ("reads", "seconds"),
    [
        ([(9.0, True)], 0.0),
        ([(0.25, False), (9.0, True)], 0.0),
        ([(0.25, False), (9.0, False), (0.25, True)], 0.25),
        ([(7.0, False), (0.25, False), (0.25, True)], 7.0),
    ],
    ids=["slow and there", "slow after a miss", "a slow miss", "missed after the bound"],
)
def test_what_a_loss_costs_ends_when_the_last_read_that_missed_was_sent(
    monkeypatch: pytest.MonkeyPatch, reads: list[tuple[float, bool]], seconds: float
) -> None:
    clock = [100.0]
    monkeypatch.setattr("tests.integration.test_recovery_drills.time.monotonic", lambda: clock[0])
    monkeypatch.setattr("tests.integration.test_recovery_drills.LOOK_EVERY", 0.0)
    records: Records = _Reads(clock, *reads)  # type: ignore[assignment]  # reads are all that is asked
    record: Item = json.loads('{"transactionId": {"S": "1"}}')

    assert seconds_until_there(records, "us-west-2", record, within=60) == seconds
