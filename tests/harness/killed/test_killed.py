"""Kill -9 in the middle: a sweep removes what was left, alarms are as before, and the next run is green."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.embedded.control import Control

from .desk import await_moment
from .processes import FUNCTION, SERVER, WORKER, descendants, kill

if TYPE_CHECKING:
    from .desk import Desk

RECORDS = "appears or stays"
PREPARED_ITEMS = 2
"""Items that the processors write before the first check; one more is a check's own."""
ALARM_COMES_BACK, ALARM_IS_HEARD = "goes_to_alarm", "message_of_an_alarm"
MOMENTS = {
    "documents": RECORDS,
    "object": RECORDS,
    "item": RECORDS,
    "mute-rule": ALARM_COMES_BACK,
    "alarm-state": ALARM_COMES_BACK,
    "queue": ALARM_IS_HEARD,
    "subscription": ALARM_IS_HEARD,
}
"""Kinds of things in a ledger, and the checks that make them: a run is killed when it is about to."""


def assert_swept(desk: Desk) -> None:
    swept = desk.sweep()
    assert swept.returncode == 0, swept.stdout + swept.stderr
    assert desk.leftovers() == []
    assert set(desk.alarms().values()) == {"at rest"}
    assert desk.unswept() == []


@pytest.mark.parametrize(("kind", "checks"), MOMENTS.items(), ids=MOMENTS)
def test_what_a_killed_run_leaves_is_swept(desk: Desk, kind: str, checks: str) -> None:
    control = Control(desk.server.endpoint)
    control.change_settings(alarm_interval=3600.0)  # a drilled alarm does not return by itself
    try:
        run = desk.start_run("-k", checks)
        await_moment(lambda: f'"kind": "{kind}"' in run.ledger(), run.process, what=kind)

        run.process.kill()

        desk.await_quiet()
        assert_swept(desk)
    finally:
        control.change_settings(alarm_interval=1.0)


def test_the_run_after_a_killed_one_is_green(desk: Desk) -> None:
    run = desk.start_run("-k", ALARM_IS_HEARD)
    await_moment(lambda: '"kind": "queue"' in run.ledger(), run.process, what="a queue")
    run.process.kill()
    desk.await_quiet()
    assert_swept(desk)

    after = desk.start_run("-k", ALARM_IS_HEARD)
    assert after.process.wait(90) == 0, after.output()
    assert (desk.leftovers(), desk.unswept()) == ([], [])


def test_a_run_whose_worker_is_killed_ends_red_and_leaves_nothing(desk: Desk) -> None:
    run = desk.start_run("-k", "stays")
    await_moment(lambda: run.ledger().count('"kind": "item"') > PREPARED_ITEMS, run.process, what="an item")

    kill(min(descendants(run.process.pid, containing=WORKER)))

    assert run.process.wait(90) == 1, run.output()
    assert "crashed" in run.output()
    assert (desk.leftovers(), desk.unswept()) == ([], [])


def test_a_killed_function_is_started_anew_for_the_next_transaction(desk: Desk) -> None:
    region, name = desk.deployment.regions.primary, "transaction-processor-primary-dev"
    client = desk.clients.lambda_(region)
    assert client.invoke(FunctionName=name, Payload=b"{}")["StatusCode"] == 200
    functions = descendants(desk.server.pid, containing=FUNCTION)
    assert functions

    for function in functions:
        kill(function)

    answers = [client.invoke(FunctionName=name, Payload=b"{}") for _ in range(2)]
    assert "FunctionError" not in answers[-1]


def test_a_run_whose_server_is_killed_ends_and_leaves_no_process(desk: Desk) -> None:
    run = desk.start_run("-k", "stays", target="embedded")
    await_moment(lambda: run.ledger().count('"kind": "item"') > PREPARED_ITEMS, run.process, what="an item")

    for server in descendants(run.process.pid, containing=SERVER):
        kill(server)

    assert run.process.wait(90) != 0
    desk.await_quiet()
    after = desk.start_run("-k", "stays", target="embedded")
    assert after.process.wait(90) == 0, after.output()
    assert desk.unswept() == []


def test_a_terminated_run_ends_its_workers_before_it_cleans_up(desk: Desk) -> None:
    control = Control(desk.server.endpoint)
    control.change_settings(alarm_interval=3600.0)  # the check waits for the drilled alarm to return
    try:
        run = desk.start_run("-k", ALARM_COMES_BACK)
        await_moment(lambda: "in a drill" in desk.alarms().values(), run.process, what="a drill")

        run.process.terminate()

        assert run.process.wait(60) == 2, run.output()
        assert (desk.leftovers(), run.folder) == ([], None)
    finally:
        control.change_settings(alarm_interval=1.0)
