"""Checks 11-16: which region gets what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .findings import Finding, place, require, walk
from .stack import EAST, PRIMARY_KEY_ARN, WEST, evaluated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.template import Template

    from .stack import Stack

STEMS = [
    "{}KMSKey",
    "{}KMSKeyAlias",
    "{}DocumentsBucket",
    "{}DocumentsBucketPolicy",
    "{}ReplicationRole",
    "{}LambdaExecutionRole",
    "{}TransactionProcessor",
    "{}TransactionProcessorLogGroup",
    "{}SNSTopic",
    "LambdaErrorAlarm{}",
    "LambdaThrottleAlarm{}",
    "DynamoDBThrottleAlarm{}",
    "ReplicationLatencyAlarm{}",
]
TABLE = "TransactionsTable"
ELSEWHERE = "eu-west-1"
LITERAL = re.compile(
    r"\b(?:us|eu|ap|ca|sa|me|af|il|mx|cn)(?:-gov|-iso[a-z]?)?"
    r"-(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\d\b|(?<!\d)\d{12}(?!\d)"
)


def test_the_regions_parameters_decide_and_a_third_region_is_refused(template: Template) -> None:
    require([*_decided_wrongly(template), *_refused_wrongly(template)])


def test_east_holds_the_table_and_its_13_other_resources(east: Stack) -> None:
    require(_held_wrongly(east, {TABLE, *(stem.format("Primary") for stem in STEMS)}))


def test_west_holds_its_13_resources_and_none_of_easts(west: Stack) -> None:
    require(_held_wrongly(west, {stem.format("Secondary") for stem in STEMS}))


def test_every_resource_but_the_table_has_its_twin_in_the_other_region(template: Template) -> None:
    kinds = {"AWS::KMS::ReplicaKey": "AWS::KMS::Key"}
    conditions = {"IsPrimary": "IsSecondary", "IsSecondary": "IsPrimary"}

    def findings() -> Iterator[Finding]:
        for logical_id, resource in template.resources.items():
            if logical_id == TABLE:
                continue
            twin = template.resources.get(_twin(logical_id))
            actual = (kinds.get(twin.type, twin.type), twin.condition) if twin else "absent"
            expected = (kinds.get(resource.type, resource.type), conditions.get(str(resource.condition)))
            if actual != expected:
                what = f"{logical_id}: its twin {_twin(logical_id)}"
                do = "what one region has and the other lacks is missing after a failover"
                yield _finding(template, ("Resources", logical_id), what, actual, expected, do)

    require(findings())


def test_nothing_refers_to_a_resource_of_the_other_region(template: Template) -> None:
    def findings() -> Iterator[Finding]:
        for region in (EAST, WEST):
            for reference in evaluated(template, region).absent_references:
                path = (reference.section, reference.source)
                what = f"{reference.source} ({region}): refers to {reference.target}"
                do = "give both the same condition, or name the other region's resource by string"
                yield _finding(template, path, what, "not in this region", "a resource of this region", do)

    require(findings())


def test_no_region_and_no_account_is_written_out(template: Template) -> None:
    def findings() -> Iterator[Finding]:
        for path, value in walk(template.body):
            if path[0] == "Parameters" or not isinstance(value, str):
                continue
            for literal in LITERAL.findall(value):
                do = "use AWS::Region, AWS::AccountId or a parameter"
                yield _finding(template, path, "/".join(map(str, path[:2])), literal, "no literal", do)

    require(findings())


def _decided_wrongly(template: Template) -> Iterator[Finding]:
    for region, primary, secondary, expected in (
        (EAST, EAST, WEST, (True, False)),
        (WEST, EAST, WEST, (False, True)),
        (EAST, WEST, EAST, (False, True)),
        (ELSEWHERE, ELSEWHERE, WEST, (True, False)),
        (EAST, EAST, EAST, (True, False)),
        (ELSEWHERE, EAST, WEST, (False, False)),
    ):
        conditions = evaluated(template, region, PrimaryRegion=primary, SecondaryRegion=secondary).conditions
        actual = (conditions.get("IsPrimary"), conditions.get("IsSecondary"))
        if actual != expected:
            what = f"IsPrimary, IsSecondary in {region}; primary is {primary}, secondary {secondary}"
            do = "compare AWS::Region with the two parameters; IsSecondary begins with Not IsPrimary"
            yield _finding(template, ("Conditions",), what, actual, expected, do)


def _refused_wrongly(template: Template) -> Iterator[Finding]:
    one_region = {"SecondaryRegion": EAST, "PrimaryKMSKeyArn": PRIMARY_KEY_ARN}
    cases: tuple[tuple[str, str, dict[str, str], str], ...] = (
        ("the primary stack", EAST, {}, "accepted by the rules"),
        ("the secondary stack", WEST, {}, "accepted by the rules"),
        ("a stack in a third region", ELSEWHERE, {}, "refused by a rule"),
        ("one region as both", EAST, one_region, "refused by a rule"),
        ("a secondary stack without the key's ARN", WEST, {"PrimaryKMSKeyArn": ""}, "refused by a rule"),
    )
    for what, region, parameters, expected in cases:
        failed = evaluated(template, region, **parameters).failed_rules
        actual = "refused by a rule" if failed else "accepted by the rules"
        if actual != expected:
            do = "let the Rules refuse exactly what cannot work, before anything is created"
            yield _finding(template, ("Rules",), what, actual, expected, do)


def _held_wrongly(stack: Stack, expected: set[str]) -> Iterator[Finding]:
    for logical_id in sorted(expected - set(stack.resources)):
        what = f"{logical_id} ({stack.region})"
        path, do = ("Resources", logical_id), "give it the condition of its region"
        yield _finding(stack.template, path, what, "not in this region", "a resource of this region", do)
    for logical_id in sorted(set(stack.resources) - expected):
        what = f"{logical_id} ({stack.region})"
        path, do = ("Resources", logical_id), "give it the condition of its region, or extend the design"
        yield _finding(stack.template, path, what, "in this region", "not in this region", do)


def _twin(logical_id: str) -> str:
    swap = {"Primary": "Secondary", "Secondary": "Primary"}
    return re.sub("Primary|Secondary", lambda match: swap[match[0]], logical_id)


def _finding(
    template: Template, path: tuple[str | int, ...], what: str, actual: object, expected: object, do: str
) -> Finding:
    return Finding(what=what, actual=actual, expected=expected, where=place(template, path), do=do)
