"""Templates of any size for stacks in two regions, made of the project's own design."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import yaml

from .measuring import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MARK = "0copy0"
"""Fit for a logical ID and for a bucket's name, and nothing that the design says."""
DESIGN = ROOT / "lib" / "TapStack.json"
FAULTS = {
    "PrimaryTransactionProcessor/Runtime": "nodejs14.x",
    "TransactionsTable/Bogus": "x",
    "PrimaryDocumentsBucket/VersioningConfiguration/Status": "Suspended",
    "LambdaErrorAlarmPrimary/MetricName": "Failures",
    "LambdaThrottleAlarmPrimary/AlarmActions": [],
    "SecondaryTransactionProcessor/Environment/Variables/REGION": {"Ref": "PrimaryRegion"},
}
"""Property → what it is set to; each is one finding or more of one rule."""


def design() -> dict[str, Any]:
    """Return the project's template: keys, a table, buckets, roles, functions with code, alarms, twice."""
    template: dict[str, Any] = json.loads(DESIGN.read_text(encoding="utf-8"))
    return template


def faulty(template: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of the design with the seeded faults."""
    broken: dict[str, Any] = json.loads(json.dumps(template))
    for place, value in FAULTS.items():
        logical_id, *steps, last = place.split("/")
        holder = broken["Resources"][logical_id]["Properties"]
        for step in steps:
            holder = holder[step]
        holder[last] = value
    return broken


def whole_copies(template: Mapping[str, Any], resources: int) -> int:
    """Return how many resources there are in as many whole copies as it takes to have so many."""
    one = len(template["Resources"])
    return -(-resources // one) * one


def grown_json(template: Mapping[str, Any], resources: int) -> str:
    """Return the design in whole copies, all with names of their own; parameters and outputs of one."""
    rest, block = _marked(template)
    copies = _copies(json.dumps(block, indent=2)[1:-2], template, resources)
    return f'{json.dumps(rest, indent=2)[:-2]},\n"Resources": {{{",".join(copies)}\n}}\n}}\n'


def grown_yaml(template: Mapping[str, Any], resources: int) -> str:
    """Return the same as YAML, with intrinsic functions by their long names."""
    rest, block = _marked(template)
    _, _, members = _yaml({"Resources": block}).partition("\n")
    return f"{_yaml(rest)}Resources:\n{''.join(_copies(members, template, resources))}"


def chained(resources: int) -> str:
    """Return a template, as JSON, each of whose resources needs the one below, so that the last is first."""
    links = {
        f"Link{number}": {
            "Type": "AWS::SSM::Parameter",
            "Properties": {"Type": "String", "Value": {"Fn::Sub": f"after ${{Link{number + 1}}}"}},
        }
        for number in range(resources - 1)
    }
    end = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "the end"}}
    return json.dumps({"Resources": {**links, f"Link{resources - 1}": end}}, indent=2)


def _marked(template: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the template without its resources, and these with a mark in all names for the copy's number."""
    named = re.compile(rf"\b({'|'.join(template['Resources'])})\b")
    written = named.sub(rf"\g<1>{MARK}", json.dumps(template))
    marked = json.loads(written.replace("-${EnvironmentSuffix}", f"-{MARK}-${{EnvironmentSuffix}}"))
    block = marked.pop("Resources")
    rest: dict[str, Any] = json.loads(json.dumps(marked).replace(MARK, "0"))
    return rest, block


def _copies(text: str, template: Mapping[str, Any], resources: int) -> Iterator[str]:
    number = whole_copies(template, resources) // len(template["Resources"])
    return (text.replace(MARK, str(each)) for each in range(number))


def _yaml(template: Mapping[str, Any]) -> str:
    return yaml.dump(dict(template), Dumper=yaml.CSafeDumper, sort_keys=False)
