"""Invocation type Event: accepted at once, run in the background, retried twice."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from qa.embedded.lambda_.asynchronous import EventQueue, QueuedEvent
from qa.embedded.lambda_.refusals import throttled
from qa.embedded.lambda_.service import Outcome
from qa.embedded.settings import Settings
from qa.embedded.world import World
from qa.wait import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .functions import Aws

DONE = Outcome(payload=b"null", is_error=False, log_tail=b"")
FAILED = Outcome(payload=b"null", is_error=True, log_tail=b"")


class Attempts:
    """Answers each attempt with the next outcome; raises it when it is an exception."""

    def __init__(self, *outcomes: Outcome | Exception) -> None:
        self._left = list(outcomes)
        self.made = 0
        self.no_more = threading.Event()

    def __call__(self) -> Outcome:
        """Make one attempt."""
        self.made += 1
        outcome = self._left.pop(0)
        if not self._left:
            self.no_more.set()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@pytest.fixture
def bare_world(tmp_path: Path) -> Iterator[World]:
    """A world of clocks and faults only."""
    world = World(settings=Settings(), scratch=tmp_path)
    yield world
    world.close()


@pytest.fixture
def events(bare_world: World) -> Iterator[EventQueue]:
    """A queue that does not wait minutes for its retries."""
    events = EventQueue(bare_world, workers=lambda: 2, retry_seconds=(0.01, 0.02))
    yield events
    events.close()


def test_event_is_accepted_before_it_has_run(aws: Aws) -> None:
    name = aws.function("exports.handler = () => new Promise((r) => setTimeout(r, 400));")

    started = time.monotonic()
    answer = aws.invoke(name, {}, InvocationType="Event")
    took = time.monotonic() - started

    assert (answer["StatusCode"], answer["Payload"], took < 0.3) == (202, None, True)
    until(
        lambda: aws.metrics.values("Invocations", name),
        lambda made: made == [1],
        what="invocations",
        within=10,
    )


def test_event_that_fails_is_run_three_times(events: EventQueue) -> None:
    attempts = Attempts(FAILED, FAILED, FAILED)

    events.put(QueuedEvent(region="us-east-1", run=attempts))

    assert attempts.no_more.wait(5)
    assert not threading.Event().wait(0.2)
    assert attempts.made == 3


def test_event_that_succeeds_is_not_run_again(events: EventQueue) -> None:
    attempts = Attempts(FAILED, DONE)

    events.put(QueuedEvent(region="us-east-1", run=attempts))

    assert attempts.no_more.wait(5)
    assert not threading.Event().wait(0.2)
    assert attempts.made == 2


def test_throttled_event_waits_and_spends_no_retry(events: EventQueue) -> None:
    attempts = Attempts(throttled("any"), FAILED, FAILED, FAILED)

    events.put(QueuedEvent(region="us-east-1", run=attempts, pause=0.01))

    assert attempts.no_more.wait(5)
    assert attempts.made == 4


def test_event_older_than_its_age_is_dropped(events: EventQueue) -> None:
    attempts = Attempts(FAILED, FAILED)

    events.put(QueuedEvent(region="us-east-1", run=attempts, max_age=0.0))

    assert not attempts.no_more.wait(0.2)
    assert attempts.made == 1


def test_event_waits_while_its_region_is_down(bare_world: World, events: EventQueue) -> None:
    attempts = Attempts(DONE)
    fault = bare_world.faults.start(kind="region-lost", region="us-east-1")

    events.put(QueuedEvent(region="us-east-1", run=attempts))
    while_down = attempts.no_more.wait(0.3)
    bare_world.faults.end(fault.id)

    assert (while_down, attempts.no_more.wait(5)) == (False, True)


def test_sns_message_runs_its_subscriber_without_waiting(aws: Aws) -> None:
    name = aws.function(
        "exports.handler = async (event) => { console.log(event.Records[0].Sns.Message);"
        "  await new Promise((r) => setTimeout(r, 2000)); };"
    )
    sns = aws.client("sns")
    topic = sns.create_topic(Name=f"topic-{name}")["TopicArn"]
    arn = aws.client("lambda").get_function(FunctionName=name)["Configuration"]["FunctionArn"]
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)

    sns.publish(TopicArn=topic, Message="hello")
    at_once = aws.metrics.values("Invocations", name)

    _await(lambda: aws.metrics.values("Invocations", name) == [1])
    assert at_once == []


def _await(happened: Callable[[], bool]) -> None:
    until(happened, bool, what="the invocation", within=30, every=0.05)
