"""A queue of our own that listens to a topic, and whom a message there would reach besides."""

from __future__ import annotations

import json
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qa.probe import sns, sqs
from qa.stack.ledger import QueueEntry, SubscriptionEntry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.stack.clients import Clients
    from qa.stack.run import Run

Heard = tuple[object, object, object]
"""Alarm, state and reason of one message."""


def people_without_consent(clients: Clients, region: str, topic_arn: str) -> str | None:
    """Return who would be paged by a topic and has not agreed to it; None if nobody."""
    client = clients.sns(region)
    people = [each for each in sns.subscriptions(client, topic_arn) if each.reaches_a_person]
    if not people or os.environ.get("QA_ALLOW_PAGE") == "1":
        return None
    if sns.tags(client, topic_arn).get("qa:allow-page") == "true":
        return None
    protocols = ", ".join(sorted({each.protocol for each in people}))
    return (
        f"{len(people)} subscriber(s) of {topic_arn} ({protocols}) would be paged; agree with "
        "QA_ALLOW_PAGE=1 or the tag qa:allow-page=true"
    )


@contextmanager
def listening(clients: Clients, region: str, topic_arn: str, run: Run) -> Iterator[str]:
    """Subscribe a queue of our own to a topic inside the block, and yield its URL."""
    queue_name = f"{run.run_id}-{topic_arn.rpartition(':')[2]}"[:80]
    queue_entry = QueueEntry(region=region, queue_name=queue_name)
    run.ledger.will_make(queue_entry)
    queue = sqs.create_listening_queue(clients.sqs(region), queue_name, topic_arn=topic_arn)
    try:
        entry = SubscriptionEntry(region=region, topic_arn=topic_arn, endpoint=queue.arn)
        run.ledger.will_make(entry)
        subscription_arn = sns.subscribe_queue(clients.sns(region), topic_arn, queue.arn)
        try:
            yield queue.url
        finally:
            # before its queue: a topic must never deliver to a queue that is gone
            sns.unsubscribe(clients.sns(region), subscription_arn)
            run.ledger.removed(entry)
    finally:
        sqs.delete_queue(clients.sqs(region), queue.url)
        run.ledger.removed(queue_entry)


def alarms_heard(
    clients: Clients, region: str, queue_url: str, *, until: Heard, within: float
) -> list[Heard]:
    """Return what alarms said on the topic until one message comes, or the time is over."""
    client, heard = clients.sqs(region), list[Heard]()
    end = time.monotonic() + within
    while until not in heard and time.monotonic() < end:
        for body in sqs.receive(client, queue_url, wait=min(10, max(1, int(end - time.monotonic())))):
            message = json.loads(json.loads(body)["Message"])
            heard.append(
                (message.get("AlarmName"), message.get("NewStateValue"), message.get("NewStateReason"))
            )
    return heard
