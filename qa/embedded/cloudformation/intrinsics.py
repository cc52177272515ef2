"""The values of intrinsic functions, found by moto's own parser.

moto's ResourceMap makes a resource on request; this one never does: the life cycle
puts resources in, in its own order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.cloudformation.exceptions import ExportNotFound, UnformattedGetAttTemplateException
from moto.cloudformation.parsing import ResourceMap, clean_json
from moto.core.exceptions import ServiceException

from .errors import UnresolvedValueError, unmodelled
from .parameters import of_plain_types

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .template import Template

SUPPORTED_FUNCTIONS = frozenset(
    {
        "Fn::Base64",
        "Fn::FindInMap",
        "Fn::GetAtt",
        "Fn::If",
        "Fn::ImportValue",
        "Fn::Join",
        "Fn::Select",
        "Fn::Split",
        "Fn::Sub",
    }
)
CONDITION_FUNCTIONS = frozenset({"Fn::And", "Fn::Equals", "Fn::Not", "Fn::Or"})
PSEUDO_PARAMETERS = frozenset(
    {
        "AWS::AccountId",
        "AWS::NoValue",
        "AWS::NotificationARNs",
        "AWS::Partition",
        "AWS::Region",
        "AWS::StackId",
        "AWS::StackName",
        "AWS::URLSuffix",
    }
)


class StackMap(ResourceMap):
    """What a template's references mean in one stack: parameters, pseudo parameters, resources."""

    def __init__(
        self,
        template: Template,
        values: Mapping[str, str],
        *,
        stack_id: str,
        stack_name: str,
        account_id: str,
        region: str,
        exports: Mapping[str, Any],
    ) -> None:
        super().__init__(
            stack_id,
            stack_name,
            dict(values),
            {},
            region,
            account_id,
            {
                "Parameters": of_plain_types(template.parameters),
                "Mappings": template.mappings,
                "Conditions": {name: _not_bare(one) for name, one in template.conditions.items()},
                "Resources": template.resources,
            },
            exports,  # type: ignore[arg-type]  # moto reads .name and .value of them, as ours have
        )
        self._parsed_resources["AWS::NotificationARNs"] = []
        self.load_mapping()
        self.load_parameters()
        self._load_conditions_with_text(values)

    def __getitem__(self, key: str) -> Any:
        if key not in self._parsed_resources:
            raise KeyError(key)
        return self._parsed_resources[key]

    def put(self, logical_id: str, model: object) -> None:
        """Let references to the resource mean this model from now on."""
        self._parsed_resources[logical_id] = model

    def conditions(self) -> dict[str, bool]:
        """Return the truth of every condition."""
        return {name: bool(self.lazy_condition_map[name]) for name in self.lazy_condition_map}

    def _load_conditions_with_text(self, values: Mapping[str, str]) -> None:
        # CloudFormation compares a Number parameter as text; moto has made a number of it
        numbers = {name: self._parsed_resources[name] for name in values}
        texts = {name: values[name] for name, value in numbers.items() if isinstance(value, int | float)}
        self._parsed_resources.update(texts)
        self.load_conditions()
        self._parsed_resources.update({name: numbers[name] for name in texts})


def resolve(value: Any, stack_map: StackMap) -> Any:
    """Return the value with every intrinsic function evaluated; raises UnresolvedValueError."""
    try:
        return _without_none(clean_json(value, stack_map))
    except ExportNotFound as missing:
        raise UnresolvedValueError(missing.message) from missing
    except ServiceException as refused:
        raise UnresolvedValueError(refused.message) from refused
    except UnformattedGetAttTemplateException as refused:
        raise UnresolvedValueError(str(refused)) from refused
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as broken:
        raise UnresolvedValueError(
            f"Template error: an intrinsic function cannot be evaluated: {broken!r}"
        ) from broken


def check_functions(value: Any, where: str, *, conditions: bool = False) -> None:
    """Refuse a function that moto's parser would pass through as it stands."""
    for what in unmodelled_functions(value, where, conditions=conditions):
        raise unmodelled(what)


def unmodelled_functions(value: Any, where: str, *, conditions: bool = False) -> Iterator[str]:
    """Yield the functions that moto's parser would pass through as they stand, with their places."""
    allowed = SUPPORTED_FUNCTIONS | CONDITION_FUNCTIONS if conditions else SUPPORTED_FUNCTIONS
    for path, function, argument in _functions(value, where):
        if function not in allowed:
            yield f"{function} at `{path}`"
        if function == "Fn::FindInMap" and (not isinstance(argument, list) or len(argument) != 3):
            yield f"Fn::FindInMap with a DefaultValue at `{path}`"
        if function == "Fn::Select" and not (isinstance(argument, list) and str(argument[0]).isdigit()):
            yield f"Fn::Select with an index that is a function at `{path}`"


def _not_bare(condition: Any) -> Any:
    # moto cannot read a condition that is just another one; And of that and itself says the same
    if isinstance(condition, dict) and set(condition) == {"Condition"}:
        return {"Fn::And": [condition, condition]}
    return condition


def _functions(value: Any, where: str) -> Iterator[tuple[str, str, Any]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _functions(item, f"{where}/{index}")
    elif isinstance(value, dict):
        for key, item in value.items():
            if key.startswith("Fn::"):
                yield where, key, item
            yield from _functions(item, f"{where}/{key}")


def _without_none(value: Any) -> Any:
    """Return a copy without the places that AWS::NoValue has emptied."""
    if isinstance(value, list):
        return [_without_none(item) for item in value if item is not None]
    if isinstance(value, dict):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    return value
