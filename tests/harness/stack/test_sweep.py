"""Sweeping what runs left, with a ledger and without one."""

from __future__ import annotations

import json
import resource
from typing import TYPE_CHECKING

import pytest

from qa.stack import (
    Clients,
    Credentials,
    ObjectEntry,
    QueueEntry,
    SubscriptionEntry,
    Target,
    TargetKind,
    run_at,
)
from qa.stack.bucket import object_versions
from qa.stack.deploy import DeployError
from qa.stack.ledger import KINDS
from qa.stack.sweep import ORDER, SweepReport, sweep_leftovers, sweep_run

from .orders import EAST, Orders, bucket, template

if TYPE_CHECKING:
    from pathlib import Path

NOBODY = Clients(
    Target(
        kind=TargetKind.ENDPOINT,
        endpoint="http://127.0.0.1:1",
        credentials=Credentials(access_key_id="a", secret_access_key="b"),
    )
)


def test_every_kind_of_entry_has_its_place_in_the_order_of_removal() -> None:
    assert sorted(ORDER) == sorted(KINDS)


def test_what_a_ledger_holds_is_removed_and_written_off(
    tmp_path: Path, clients: Clients, unique: str
) -> None:
    run, entry = run_at(tmp_path, unique), QueueEntry(region=EAST, queue_name=unique)
    run.ledger.will_make(entry)
    clients.sqs(EAST).create_queue(QueueName=unique)

    report = sweep_run(clients, run)

    assert (report, run.ledger.remaining()) == (SweepReport(removed=(entry,)), ())


def test_what_was_written_down_but_never_made_is_written_off(
    tmp_path: Path, clients: Clients, unique: str
) -> None:
    run = run_at(tmp_path, unique)
    run.ledger.will_make(QueueEntry(region=EAST, queue_name=unique))

    sweep_run(clients, run)

    assert run.ledger.remaining() == ()


def test_a_disk_that_takes_no_line_of_the_ledger_stops_no_removal(
    tmp_path: Path, clients: Clients, unique: str
) -> None:
    run = run_at(tmp_path, unique)
    entries = tuple(QueueEntry(region=EAST, queue_name=f"{unique}-{number}") for number in range(3))
    for entry in entries:
        run.ledger.will_make(entry)
        clients.sqs(EAST).create_queue(QueueName=entry.queue_name)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        report = sweep_run(clients, run)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert (set(report.removed), report.failed) == (set(entries), ())
    assert clients.sqs(EAST).list_queues(QueueNamePrefix=unique).get("QueueUrls", []) == []


def test_what_cannot_be_removed_stays_in_the_ledger_with_its_reason(tmp_path: Path, unique: str) -> None:
    run, entry = run_at(tmp_path, unique), QueueEntry(region=EAST, queue_name=unique)
    run.ledger.will_make(entry)

    report = sweep_run(NOBODY, run)

    ((failed, reason),) = report.failed
    assert (failed, "Could not connect" in reason) == (entry, True)
    assert run.ledger.remaining() == (entry,)


def test_without_a_ledger_things_are_found_by_the_run_id_they_carry(orders: Orders, unique: str) -> None:
    outputs = orders.deploy()
    bucket, s3 = outputs["PrimaryBucket"], orders.clients.s3(EAST)
    s3.put_object(Bucket=bucket, Key=f"{unique}/document", Body=b"1")
    s3.put_object(Bucket=bucket, Key="qa-handbook.pdf", Body=b"2")
    orders.clients.sqs(EAST).create_queue(QueueName=f"{unique}-listener")
    topic = f"arn:aws:sns:{EAST}:123456789012:orders-{unique}"
    listener = f"arn:aws:sqs:{EAST}:123456789012:{unique}-listener"
    orders.clients.sns(EAST).subscribe(TopicArn=topic, Protocol="sqs", Endpoint=listener)

    report = sweep_leftovers(orders.clients, orders.deployment, ("qa-",), only=unique)

    assert set(report.removed) == {
        ObjectEntry(region=EAST, bucket=bucket, key=f"{unique}/document"),
        QueueEntry(region=EAST, queue_name=f"{unique}-listener"),
        SubscriptionEntry(region=EAST, topic_arn=topic, endpoint=listener),
    }
    assert [version.key for version in object_versions(s3, bucket)] == ["qa-handbook.pdf"]


def test_runs_to_spare_are_spared(orders: Orders, unique: str) -> None:
    orders.clients.sqs(EAST).create_queue(QueueName=unique)

    report = sweep_leftovers(orders.clients, orders.deployment, (), only=unique, spare={unique})

    assert report == SweepReport()


def test_without_stacks_the_account_is_still_searched(orders: Orders, unique: str) -> None:
    orders.clients.sqs("us-west-2").create_queue(QueueName=unique)

    report = sweep_leftovers(orders.clients, orders.deployment, (), only=unique)

    assert report.removed == (QueueEntry(region="us-west-2", queue_name=unique),)


def test_what_was_removed_behind_the_stacks_back_stops_no_sweep(orders: Orders, unique: str) -> None:
    orders.deploy()
    orders.clients.sns(EAST).delete_topic(TopicArn=f"arn:aws:sns:{EAST}:123456789012:orders-{unique}")
    orders.clients.sqs(EAST).create_queue(QueueName=unique)

    report = sweep_leftovers(orders.clients, orders.deployment, ("qa-",), only=unique)

    assert report.removed == (QueueEntry(region=EAST, queue_name=unique),)


def test_a_stack_that_was_rolled_back_stops_no_sweep(orders: Orders, unique: str) -> None:
    orders.clients.s3(EAST).create_bucket(Bucket=f"taken-{unique}")
    taken = {**bucket("taken"), "DependsOn": "Bucket"}
    orders.change(template(Taken=taken))
    with pytest.raises(DeployError):
        orders.deploy()
    orders.clients.sqs(EAST).create_queue(QueueName=unique)

    report = sweep_leftovers(orders.clients, orders.deployment, ("qa-",), only=unique)

    assert report.removed == (QueueEntry(region=EAST, queue_name=unique),)


def replicate(orders: Orders, source: str, destination: str, role: str) -> None:
    """Let documents of one bucket be copied to the other."""
    anything = [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]
    trust = [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "s3.amazonaws.com"}}]
    iam = orders.clients.iam(EAST)
    arn = iam.create_role(RoleName=role, AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=role, PolicyName="copy", PolicyDocument=policy(anything))
    orders.clients.s3(EAST).put_bucket_replication(
        Bucket=source,
        ReplicationConfiguration={
            "Role": arn,
            "Rules": [
                {
                    "ID": "all",
                    "Priority": 1,
                    "Status": "Enabled",
                    "Filter": {"Prefix": ""},
                    "DeleteMarkerReplication": {"Status": "Disabled"},
                    "Destination": {"Bucket": f"arn:aws:s3:::{destination}"},
                }
            ],
        },
    )


def policy(statements: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def test_a_copy_that_was_on_its_way_when_the_sweep_began_is_swept_too(orders: Orders, unique: str) -> None:
    outputs = orders.deploy()
    source, destination = outputs["PrimaryBucket"], outputs["SecondaryBucket"]
    replicate(orders, source, destination, unique)
    orders.clients.s3(EAST).put_object(Bucket=source, Key=f"{unique}/document", Body=b"1")

    report = sweep_leftovers(orders.clients, orders.deployment, ("qa-",), only=unique)

    assert report.removed == (
        ObjectEntry(region=EAST, bucket=source, key=f"{unique}/document"),
        ObjectEntry(region="us-west-2", bucket=destination, key=f"{unique}/document"),
    )
    assert object_versions(orders.clients.s3("us-west-2"), destination) == ()
