"""What a template calls for: checks from its resources, and a reason for each resource without one."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from qa.resilience.derive import NO_EVENT, Left, Plan, derive
from qa.resilience.pairing import Held, Pairing, pair
from qa.template import evaluate, template_of

from .stack import TEMPLATE
from .trial import HERE, THERE

PARAMETERS = {"Primary": HERE, "Secondary": THERE, "PrimaryKeyArn": "arn:aws:kms:x", "Replicate": "true"}


def plan(resources: dict[str, Any] | None = None, events: dict[str, Any] | None = None) -> Plan:
    """Return the plan of the stack, or of a template with these resources."""
    body = TEMPLATE if resources is None else {"Resources": resources}
    parameters = PARAMETERS if resources is None else {}
    template = template_of(body, source="orders.json")
    stacks = {region: evaluate(template, region=region, parameters=parameters) for region in (HERE, THERE)}
    return derive(stacks, events)


def test_every_resource_that_can_survive_a_region_calls_for_its_checks() -> None:
    assert [each.call for each in plan().checks] == [
        "as_deployed()",
        "regions_match()",
        'decrypts_everywhere("DataKey")',
        'table_replicates("OrdersTable")',
        'table_converges("OrdersTable")',
        'restorable("OrdersTable")',
        'objects_replicate("Documents")',
        'restorable("Documents")',
        'function_answers("ApiFunction")',
        'alarm_notifies("DeadLetterAlarm")',
        "alarms_armed(subscriber=False)",
    ]


def test_an_event_calls_for_an_invocation_and_for_the_loss_of_each_region() -> None:
    calls = [each.call for each in plan(events={"ApiFunction": {"id": "{qa}"}}).checks]

    assert [each for each in calls if "ApiFunction" in each] == [
        "function_answers(\"ApiFunction\", {'id': '{qa}'})",
        "stays_in_region(\"ApiFunction\", {'id': '{qa}'})",
        f"survives_loss(\"{HERE}\", calls=\"ApiFunction\", event={{'id': '{{qa}}'}})",
        f"survives_loss(\"{THERE}\", calls=\"ApiFunction\", event={{'id': '{{qa}}'}})",
    ]


def test_the_test_file_is_python_and_says_of_each_check_what_it_comes_from() -> None:
    text = plan().text

    names = [each.targets[0].id for each in ast.parse(text).body if isinstance(each, ast.Assign)]  # type: ignore[attr-defined]  # a name
    assert len(names) == len(set(names)) == len(plan().checks)
    assert "# DataKey (AWS::KMS::Key), in eu-west-1" in text or "# DataKey (AWS::KMS::Key), paired" in text
    assert (
        f"# Documents (AWS::S3::Bucket), paired with Documents in {THERE} by same logical ID\n"
        'test_objects_replicate_documents = objects_replicate("Documents")\n'
    ) in text


def test_what_has_no_check_is_named_with_the_reason() -> None:
    resources = {
        "Sessions": {"Type": "AWS::DynamoDB::Table", "Properties": {}},
        "Uploads": {"Type": "AWS::S3::Bucket", "Properties": {}},
        "Api": {"Type": "AWS::Lambda::Function", "Properties": {}},
        "Network": {"Type": "AWS::EC2::VPC", "Properties": {}},
    }

    assert plan(resources).left == (
        Left(
            logical_id="Sessions",
            type="AWS::DynamoDB::Table",
            reason="it has no replica: its data is lost with its region",
        ),
        Left(
            logical_id="Uploads",
            type="AWS::S3::Bucket",
            reason="it has no ReplicationConfiguration: its objects are lost with its region",
        ),
        Left(logical_id="Api", type="AWS::Lambda::Function", reason=NO_EVENT),
        Left(logical_id="Network", type="AWS::EC2::VPC", reason="there is no ready check for this type"),
    )


def held(region: str, logical_id: str, kind: str = "AWS::SNS::Topic") -> Held:
    """Return a resource as pairing looks at it."""
    return Held(
        region=region, stack="s", logical_id=logical_id, type=kind, physical_id=f"{logical_id}-{region}"
    )


@pytest.mark.parametrize(
    ("here", "there", "rule"),
    [
        ("Alerts", "Alerts", "same logical ID"),
        ("PrimaryAlerts", "SecondaryAlerts", "twins, but for the words of their side"),
        ("AlertsParis", "AlertsOslo", "twins, but for the words of their side"),
    ],
)
def test_things_are_paired_by_the_first_rule_that_gives_one_partner(here: str, there: str, rule: str) -> None:
    mine, partner = held(HERE, here), held(THERE, there)

    assert pair(mine, [mine], [partner]) == Pairing(partner=partner, rule=rule)


def test_two_candidates_are_no_pair_and_both_are_named() -> None:
    mine = held(HERE, "PrimaryAlerts")
    candidates = (held(THERE, "SecondaryAlerts"), held(THERE, "StandbyAlerts"))

    assert pair(mine, [mine], candidates) == Pairing(
        partner=None, rule="twins, but for the words of their side", candidates=candidates
    )


def test_a_key_and_its_replica_are_one_kind_of_thing_and_a_topic_is_not() -> None:
    mine = held(HERE, "PrimaryKey", "AWS::KMS::Key")
    replica = held(THERE, "SecondaryKey", "AWS::KMS::ReplicaKey")
    topic = held(THERE, "SecondaryKey")

    assert pair(mine, [mine], [topic, replica]).partner == replica
