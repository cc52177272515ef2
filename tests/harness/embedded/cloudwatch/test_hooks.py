"""Each symbol of moto that is wrapped is there, and wrapped once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from moto.cloudwatch.models import CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse

from qa.embedded import cloudwatch
from qa.embedded.cloudwatch import operations

if TYPE_CHECKING:
    from qa.embedded.world import World

WRAPPED = (
    "put_metric_alarm",
    "set_alarm_state",
    "delete_alarms",
    "put_metric_data",
    "get_all_metrics",
    "get_metric_statistics",
    "get_metric_data",
)
OWN = (
    "describe_alarms",
    "describe_alarm_history",
    "put_alarm_mute_rule",
    "get_alarm_mute_rule",
    "delete_alarm_mute_rule",
    "list_alarm_mute_rules",
)


@pytest.mark.parametrize("name", WRAPPED)
def test_a_method_of_the_backend_is_wrapped(world: World, name: str) -> None:
    original: Any = getattr(CloudWatchBackend, name).__wrapped__
    assert original.__module__ == "moto.cloudwatch.models"


@pytest.mark.parametrize("name", OWN)
def test_an_operation_is_ours(world: World, name: str) -> None:
    assert getattr(CloudWatchResponse, name) is getattr(operations, name)


def test_installing_again_wraps_nothing_twice(world: World) -> None:
    before = CloudWatchBackend.put_metric_alarm

    cloudwatch.install(world)

    assert CloudWatchBackend.put_metric_alarm is before
