"""A template as it was sent: JSON, or YAML with its short forms, read and checked for its shape."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .document import read_document
from .errors import invalid, unmodelled

if TYPE_CHECKING:
    from collections.abc import Mapping

BODY_LIMIT = 51_200
URL_LIMIT = 1_000_000
SECTIONS = frozenset(
    {
        "AWSTemplateFormatVersion",
        "Conditions",
        "Description",
        "Hooks",
        "Mappings",
        "Metadata",
        "Outputs",
        "Parameters",
        "Resources",
        "Rules",
        "Transform",
    }
)
RESOURCE_ATTRIBUTES = frozenset(
    {
        "Condition",
        "CreationPolicy",
        "DeletionPolicy",
        "DependsOn",
        "Metadata",
        "Properties",
        "Type",
        "UpdatePolicy",
        "UpdateReplacePolicy",
    }
)
ALPHANUMERIC = re.compile(r"[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template whose sections are mappings; `Fn::GetAtt` is always a list of two."""

    body: str
    description: str | None
    parameters: Mapping[str, Mapping[str, Any]]
    mappings: Mapping[str, Any]
    conditions: Mapping[str, Any]
    rules: Mapping[str, Any]
    resources: Mapping[str, Mapping[str, Any]]
    outputs: Mapping[str, Mapping[str, Any]]


def parse(body: str) -> Template:
    """Return the template, or refuse it in the service's words for one that is not well-formed."""
    document = read_document(body)
    unknown = [name for name in document if name not in SECTIONS]
    if unknown:
        raise invalid(f"Invalid template property or properties [{', '.join(unknown)}]")
    for name in ("Transform", "Hooks"):
        if document.get(name):
            raise unmodelled(f"the section {name}")
    _refuse_null({name: part for name, part in document.items() if name != "Metadata"}, "")
    resources = _section(document, "Resources")
    if not resources:
        raise invalid("Template format error: At least one Resources member must be defined.")
    _check_resources(resources)
    outputs = _section(document, "Outputs")
    _check_outputs(outputs)
    parameters = _section(document, "Parameters")
    _check_parameters(parameters)
    return Template(
        body=body,
        description=document.get("Description"),
        parameters=parameters,
        mappings=_section(document, "Mappings"),
        conditions=_section(document, "Conditions"),
        rules=_section(document, "Rules"),
        resources=resources,
        outputs=outputs,
    )


def check_size(body: str) -> None:
    """Refuse a body that is too long to be sent inside the request."""
    if len(body.encode()) > BODY_LIMIT:
        raise invalid(
            f"1 validation error detected: Value '{body}' at 'templateBody' failed to satisfy constraint: "
            f"Member must have length less than or equal to {BODY_LIMIT}"
        )


def check_size_by_url(body: str) -> None:
    """Refuse a body that is too long even where the request only says where it lies."""
    if len(body.encode()) > URL_LIMIT:
        raise invalid(f"Template may not exceed {URL_LIMIT} bytes in size.")


def _refuse_null(value: Any, path: str) -> None:
    if value is None:
        raise invalid(f"[{path}] 'null' values are not allowed in templates")
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, item in children:
        _refuse_null(item, f"{path}/{key}")


def _section(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    if name not in document:
        return {}
    section = document[name]
    if not isinstance(section, dict):
        raise invalid(f"Template format error: {name} must be an object.")
    return section


def _check_names(kind: str, names: Mapping[str, Any]) -> None:
    for name in names:
        if not ALPHANUMERIC.fullmatch(name):
            raise invalid(f"Template format error: {kind} name {name} is non alphanumeric.")


def _check_resources(resources: Mapping[str, Any]) -> None:
    _check_names("Resource", resources)
    for logical_id, resource in resources.items():
        where = f"[/Resources/{logical_id}]"
        if not isinstance(resource, dict) or not isinstance(resource.get("Type"), str):
            raise invalid(
                f"Template format error: {where} Every Resources object must contain a Type member."
            )
        for attribute in resource:
            if attribute not in RESOURCE_ATTRIBUTES:
                raise invalid(f"Invalid template resource property '{attribute}'")
        if not isinstance(resource.get("Properties", {}), dict):
            raise invalid(f"Template format error: [/Resources/{logical_id}/Properties] must be an object.")


def _check_outputs(outputs: Mapping[str, Any]) -> None:
    _check_names("Output", outputs)
    for key, output in outputs.items():
        if not isinstance(output, dict) or "Value" not in output:
            raise invalid(
                f"Template format error: Output {key} is malformed. "
                "The Value field of every Outputs member must be specified."
            )


def _check_parameters(parameters: Mapping[str, Any]) -> None:
    _check_names("Parameter", parameters)
    for name, parameter in parameters.items():
        if not isinstance(parameter, dict) or "Type" not in parameter:
            raise invalid(
                f"Template format error: [/Parameters/{name}] "
                "Every Parameters object must contain a Type member."
            )
