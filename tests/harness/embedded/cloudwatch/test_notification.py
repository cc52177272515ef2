"""What subscribers of an alarm's topic are told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from moto.cloudwatch.models import cloudwatch_backends

from qa.embedded.cloudwatch.notification import announce

from .conftest import alarm

if TYPE_CHECKING:
    from qa.embedded.world import World


def test_a_message_tells_its_change_even_when_the_alarm_has_moved_on(
    world: World, watching: Any, alarm_name: str
) -> None:
    watching.put_metric_alarm(**alarm(alarm_name))
    region = watching.meta.region_name
    moved = cloudwatch_backends[world.account_id][region].alarms[alarm_name]

    moved.update_state("a drill", "", "ALARM")
    announcement = announce(world, moved, "OK")
    moved.update_state("it came back", "", "OK")

    parsed = json.loads(announcement.body)
    assert (parsed["NewStateValue"], parsed["NewStateReason"]) == ("ALARM", "a drill")
    assert announcement.subject.startswith(f'ALARM: "{alarm_name}"')
