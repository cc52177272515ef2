"""Small templates, and what one rule finds in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.checks import check
from qa.template import template_of

if TYPE_CHECKING:
    from qa.checks import Finding

EAST, WEST = "us-east-1", "us-west-2"
REGIONS = (EAST, WEST)
IN_EAST = {"InEast": {"Fn::Equals": [{"Ref": "AWS::Region"}, EAST]}}
TOPIC = {"Type": "AWS::SNS::Topic"}


def body(resources: dict[str, Any], **sections: Any) -> dict[str, Any]:
    """Return a template of these resources; other sections by name."""
    return {**sections, "Resources": resources}


def found(rule: str, template: dict[str, Any], **options: Any) -> tuple[Finding, ...]:
    """Return what a rule finds in a template deployed to both regions."""
    return check(template_of(template), regions=options.pop("regions", REGIONS), select=[rule], **options)


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    """Return a resource with these properties."""
    return {"Type": kind, "Properties": properties}
