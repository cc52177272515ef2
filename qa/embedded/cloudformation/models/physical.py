"""What the resource classes of this package have in common with each other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from moto.cloudformation.exceptions import UnformattedGetAttTemplateException

from qa.embedded.cloudformation.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Physical:
    """A physical resource by its ID; `attributes` is what Fn::GetAtt gives.

    Mixed into direct subclasses of moto's CloudFormationModel, the only ones that moto finds.
    """

    attribute_names: frozenset[str] = frozenset()

    def __init__(self, physical_id: str, attributes: Mapping[str, str] | None = None) -> None:
        self.physical_resource_id = physical_id
        self._attributes = dict(attributes or {})

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        """Say whether Fn::GetAtt knows the attribute."""
        return attr in cls.attribute_names

    def get_cfn_attribute(self, attribute_name: str) -> str:
        """Return what Fn::GetAtt gives."""
        if attribute_name not in self._attributes:
            raise UnformattedGetAttTemplateException
        return self._attributes[attribute_name]

    @staticmethod
    def cloudformation_name_type() -> str:
        """Return the property that names the resource; empty for none."""
        return ""

    def is_created(self) -> bool:
        """Say that the resource is ready as soon as it exists."""
        return True


def already_exists(resource_type: str, identifier: str) -> RefusedError:
    """Return the failure of making what is there already."""
    return RefusedError(
        "AlreadyExistsException",
        f"Resource of type '{resource_type}' with identifier '{identifier}' already exists.",
    )


def document(policy: Any) -> str:
    """Return a policy document as the services take it: text."""
    return policy if isinstance(policy, str) else json.dumps(policy)


def tag_map(tags: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    """Return a template's list of tags as a mapping."""
    return {one["Key"]: str(one["Value"]) for one in tags or ()}


def text(value: Any) -> str:
    """Return a template's value as an API's attribute: booleans in lower case, objects as JSON."""
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value) if isinstance(value, dict | list) else str(value)
