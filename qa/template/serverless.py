"""What is certain of AWS::Serverless-2016-10-31 without running it.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .model import Resource
    from .positions import Path
    from .references import Reference

SERVERLESS = "AWS::Serverless-2016-10-31"
PREFIX = "AWS::Serverless::"
FUNCTION = "AWS::Serverless::Function"
MADE_FOR_ALL = ("Serverless", "CodeDeployServiceRole")
"""What the names of generated resources begin with, if not with the logical ID of one they are made for.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
"""
_OF_BODY = frozenset({"DependsOn", "DefinitionBody"})
_NEEDED: Mapping[str, frozenset[str]] = {
    FUNCTION: frozenset({"DependsOn", "DeadLetterQueue", "Environment", "Layers", "Role", "VpcConfig"}),
    "AWS::Serverless::Api": _OF_BODY,
    "AWS::Serverless::HttpApi": _OF_BODY,
}
"""Properties that end up in the resource of the same name; of others only DependsOn is sure to."""


def edge_of(resource: Resource, reference: Reference) -> tuple[str, str] | None:
    """Return what needs what by a reference in a resource of SAM; None where that is not certain.

    Most references become resources of their own, such as the permission of an event, and order nothing.
    What Policies names is needed by the function's own role. A bucket that is to notify a function waits
    for the permission, hence for the function.
    """
    parts = reference.path[3:] if reference.path[2] == "Properties" else reference.path[2:]
    there = (reference.source, reference.target)
    if resource.type == FUNCTION and parts[0] == "Policies":
        return None if "Role" in resource.properties else there
    if resource.type == FUNCTION and _is_bucket_of_event(resource, parts):
        return reference.target, reference.source
    return there if parts[0] in _NEEDED.get(resource.type, {"DependsOn"}) else None


def _is_bucket_of_event(resource: Resource, parts: Path) -> bool:
    if len(parts) != 5 or (parts[0], parts[2:]) != ("Events", ("Properties", "Bucket", "Ref")):
        return False
    event = resource.properties["Events"][parts[1]]
    return bool(event.get("Type") == "S3")


def globals_of(body: Mapping[str, Any], kind: object) -> tuple[Path, dict[str, Any]]:
    """Return where Globals has defaults for a resource type, and the defaults.

    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
    """
    name = kind.removeprefix(PREFIX) if isinstance(kind, str) and kind.startswith(PREFIX) else None
    section = body.get("Globals")
    found = section.get(name) if isinstance(section, dict) and name else None
    return ("Globals", str(name)), found if isinstance(found, dict) else {}


def with_globals(
    body: Mapping[str, Any], resources: Mapping[str, Any]
) -> Iterator[tuple[str, dict[str, Any], Path]]:
    """Yield the logical ID, the properties that Globals adds, and where they stand.

    Only properties that the resource itself does not have: maps and lists that SAM joins are not judged.
    """
    for logical_id, resource in resources.items():
        if isinstance(resource, dict):
            origin, defaults = globals_of(body, resource.get("Type"))
            own = resource.get("Properties", {})
            added = {
                key: value for key, value in defaults.items() if isinstance(own, dict) and key not in own
            }
            if added:
                yield logical_id, added, origin
