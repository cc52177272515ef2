"""A template as the stack of one region, as far as that can be known.

`qa.template.evaluate` refuses a template that leaves anything open. Here what is open (a parameter
without a value, a condition on it, a function that only AWS computes) becomes an Unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from qa.template import (
    EvaluatedResource,
    ParameterError,
    Unknown,
    UnsupportedError,
    references,
)
from qa.template.expansion import Expansion, expansion
from qa.template.intrinsics import find_in_map
from qa.template.logic import CONDITION_FUNCTIONS, PROPERTY_FUNCTIONS, RULE_FUNCTIONS, truth
from qa.template.ordering import sorted_nodes
from qa.template.parameters import parameter_values
from qa.template.pseudo import NO_VALUE, pseudo_parameters
from qa.template.references import condition_names
from qa.template.resolver import Budget, BudgetError, ProblemError, Resolver, UndeclaredError
from qa.template.serverless import SERVERLESS
from qa.template.shape import LANGUAGE_EXTENSIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from qa.template import Path, Resource, Template
    from qa.template.parameters import ParameterValue

    Function = Callable[[Resolver, Any], Any]

_ACCOUNT = "123456789012"


@dataclass(frozen=True, slots=True)
class OpenParameter(Unknown):
    """A parameter that has no value yet."""

    name: str

    def __str__(self) -> str:
        return f"${{{self.name}}}"


class Unresolved(Unknown):
    """A value that could not be resolved; equal to nothing but itself."""

    __slots__ = ("function",)

    def __init__(self, function: str) -> None:
        self.function = function

    def __str__(self) -> str:
        return f"${{{self.function}}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A function in a resource's properties that cannot be resolved."""

    path: Path
    """Of the function, from the template root."""
    message: str
    """In CloudFormation's words, unless it is not modelled."""
    is_unsupported: bool
    """The function is not known or not modelled; what it gives is not known."""
    is_beyond_budget: bool = False
    """The functions of the template make more than is followed."""
    is_undeclared: bool = False
    """It lacks the transform that gives it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegionalStack:
    """What the stack of one region holds."""

    template: Template = field(repr=False)
    """With its loops written out."""
    region: str
    parameters: Mapping[str, object]
    conditions: Mapping[str, bool | None]
    """None: not known, because it hangs on something that is not."""
    resources: Mapping[str, EvaluatedResource] = field(repr=False)
    """All but those whose condition is false, in template order."""
    undecided: frozenset[str]
    """Those of them whose condition is not known."""
    problems: tuple[Problem, ...] = field(repr=False)
    """Of these resources, one per property at most."""
    expansion: Expansion = field(repr=False)
    """What came of the loops, and what could not be known of them."""
    given: frozenset[str] = frozenset()
    """Parameters that were given; what the others hold is their default."""

    @property
    def is_whole(self) -> bool:
        """False when a transform, or a loop that is not known, makes resources that are not here."""
        return SERVERLESS not in self.template.transforms and self.expansion.is_whole

    def holds(self, logical_id: str) -> bool | None:
        """Say whether the stack has the resource; None when that is not known."""
        return None if logical_id in self.undecided else logical_id in self.resources

    def of_type(self, *types: str) -> Iterator[EvaluatedResource]:
        """Yield the resources of these types, in template order."""
        for resource in self.resources.values():
            if resource.type in types:
                yield resource

    def path_of(self, logical_id: str, *parts: str | int) -> Path:
        """Return where a resolved property stands in the template, branches of Fn::If gone through."""
        value: Any = self.template.resources[logical_id].properties
        path: Path = ("Resources", logical_id, "Properties")
        for part in parts:
            value, path = self._branch(value, path)
            if isinstance(value, list) and isinstance(part, int):
                part = self._written_index(value, part)  # noqa: PLW2901 - the same element, as written
                value = value[part] if part < len(value) else None
            else:
                value = value.get(part) if isinstance(value, dict) else None
            path = (*path, part)
        return self._branch(value, path)[1]

    def takes(self, path: Path) -> bool | None:
        """Say whether a place of the template counts in this region; None when that is not known.

        False in a branch of Fn::If that is not taken and in an entry whose condition is false.
        """
        section, name, *parts = path
        entry: Any = self.template.body[str(section)][name]
        verdicts = [self._condition(entry.get("Condition"))] if section in {"Resources", "Outputs"} else []
        value: Any = entry
        for key, following in zip(parts, [*parts[1:], None], strict=True):
            if key == "Fn::If" and isinstance(value.get(key), list) and isinstance(following, int):
                chosen = self._condition(value[key][0])
                if following in {1, 2}:
                    verdicts.append(None if chosen is None else chosen is (following == 1))
            value = _member(value, key)
        if False in verdicts:
            return False
        return None if None in verdicts else True

    def _condition(self, name: object) -> bool | None:
        return True if name is None else self.conditions.get(str(name))

    def _branch(self, value: Any, path: Path) -> tuple[Any, Path]:
        while isinstance(value, dict) and len(value) == 1 and isinstance(value.get("Fn::If"), list):
            parts = value["Fn::If"]
            verdict = self._condition(parts[0]) if len(parts) == 3 else None
            if verdict is None:
                break
            index = 1 if verdict else 2
            value, path = parts[index], (*path, "Fn::If", index)
        return value, path

    def _written_index(self, members: list[Any], index: int) -> int:
        present = [i for i, member in enumerate(members) if not is_no_value(self._branch(member, ())[0])]
        return present[index] if index < len(present) else len(members)


def is_no_value(value: object) -> bool:
    """Say whether a value as written is AWS::NoValue."""
    return value == {"Ref": "AWS::NoValue"}


def regional_stack(
    template: Template, *, region: str, parameters: Mapping[str, ParameterValue]
) -> RegionalStack:
    """Return the stack of a region. Raises ParameterError for given values the template refuses."""
    values = _parameters(template, parameters)
    rules = replace(template, body={}, resources={}, conditions={}, outputs={}, has_loops=False)
    doubtful = _Evaluation(rules, region, values).doubtful_parameters() - set(parameters)
    if doubtful:  # no stack has these values together: what it holds is not known
        values = {**values, **{name: OpenParameter(name) for name in doubtful}}
    return replace(_stack(template, region, values), given=frozenset(parameters))


def _stack(template: Template, region: str, values: Mapping[str, object]) -> RegionalStack:
    found = expansion(template, {**values, **_pseudo(region)})
    return _Evaluation(found.template, region, values).stack(found)


def _pseudo(region: str) -> dict[str, object]:
    pseudo = pseudo_parameters(
        region=region, account_id=_ACCOUNT, stack_name="stack", stack_id=None, notification_arns=()
    )
    return {**pseudo, "AWS::NotificationARNs": OpenParameter("AWS::NotificationARNs")}


def _parameters(template: Template, given: Mapping[str, ParameterValue]) -> dict[str, object]:
    unknown = {name: value for name, value in given.items() if name not in template.parameters}
    if unknown:
        parameter_values(replace(template, parameters={}), unknown)  # raises, in CloudFormation's words
    return {name: _parameter(template, name, given) for name in template.parameters}


def _parameter(template: Template, name: str, given: Mapping[str, ParameterValue]) -> object:
    alone = replace(template, parameters={name: template.parameters[name]})
    try:
        return parameter_values(alone, {name: given[name]} if name in given else {})[name]
    except (ParameterError, UnsupportedError):
        if name in given:
            raise
        return OpenParameter(name)


def _member(value: Any, key: str | int) -> Any:
    if isinstance(value, list):
        return value[key] if isinstance(key, int) and key < len(value) else None
    return value.get(key) if isinstance(value, dict) else None


def _lenient(name: str, function: Function) -> Function:
    def resolved(resolver: Resolver, argument: Any) -> Any:
        try:
            return function(resolver, argument)
        except ProblemError:
            return Unresolved(name)

    return resolved


_OF_THE_DEPLOYMENT = ("AWS::AccountId", "AWS::NotificationARNs", "AWS::StackId", "AWS::StackName")
"""Pseudo parameters that the template and the region say nothing of."""


def _find_in_map(resolver: Resolver, argument: Any) -> Any:
    """Fn::FindInMap; not known where the deployment's account or stack is a key."""
    open_ends = {name: OpenParameter(name) for name in _OF_THE_DEPLOYMENT}
    return find_in_map(replace(resolver, values={**resolver.values, **open_ends}), argument)


_STRICT: Mapping[str, Function] = {**PROPERTY_FUNCTIONS, "Fn::FindInMap": _find_in_map}
_LENIENT = {name: _lenient(name, function) for name, function in _STRICT.items()}


class _Evaluation:
    def __init__(self, template: Template, region: str, parameters: Mapping[str, object]) -> None:
        self.template = template
        self.region = region
        self.parameters = parameters
        self.values: dict[str, Any] = {**parameters, **_pseudo(region)}
        self.conditions: dict[str, bool | None] = {}
        self.known: dict[str, bool] = {}
        """Those of the conditions that are."""
        self.problems: list[Problem] = []
        self.budget = Budget(template.text, template.unfolded)

    def doubtful_parameters(self) -> set[str]:
        """Return the parameters in assertions that do not hold: the deployer gives others."""
        doubtful: set[str] = set()
        for name, rule in self.template.rules.items():
            failed = {("Assertions", index) for index in self._failed(rule)}
            doubtful.update(
                reference.target
                for reference in (references(self.template) if failed else ())
                if (reference.section, reference.source, reference.kind) == ("Rules", name, "Ref")
                and reference.path[2:4] in failed
            )
        return doubtful & set(self.template.parameters)

    def _failed(self, rule: Mapping[str, Any]) -> Iterator[int]:
        resolver = self._resolver("Rules", RULE_FUNCTIONS)
        resolver.parameter_types = {
            key: str(declared.get("Type", "String")) for key, declared in self.template.parameters.items()
        }
        if "RuleCondition" in rule and self._truth(resolver, rule["RuleCondition"]) is not True:
            return
        assertions = rule.get("Assertions")
        for index, assertion in enumerate(assertions if isinstance(assertions, list) else ()):
            holds = isinstance(assertion, dict) and self._truth(resolver, assertion.get("Assert"))
            if holds is False:
                yield index

    def stack(self, found: Expansion) -> RegionalStack:
        self._decide_all()
        verdicts = {
            logical_id: True if resource.condition is None else self.conditions.get(resource.condition)
            for logical_id, resource in self.template.resources.items()
        }
        strict = self._resolver("Resources", _STRICT)
        lenient = self._resolver("Resources", _LENIENT)
        resources = {
            logical_id: self._resource(resource, strict, lenient)
            for logical_id, resource in self.template.resources.items()
            if verdicts[logical_id] is not False
        }
        return RegionalStack(
            template=self.template,
            region=self.region,
            parameters=self.parameters,
            conditions=self.conditions,
            resources=resources,
            undecided=frozenset(name for name, verdict in verdicts.items() if verdict is None),
            problems=tuple(self.problems),
            expansion=found,
        )

    def _resolver(self, section: str, functions: Mapping[str, Function]) -> Resolver:
        return Resolver(
            values=self.values,
            mappings=self.template.body.get("Mappings", {}),
            conditions=self.known,
            resources=self.template.resources,
            absent=(),
            functions=functions,
            section=section,
            budget=self.budget,
            is_extended=LANGUAGE_EXTENSIONS in self.template.transforms,
        )

    def _resource(self, resource: Resource, strict: Resolver, lenient: Resolver) -> EvaluatedResource:
        return EvaluatedResource(
            logical_id=resource.logical_id,
            type=resource.type,
            properties=self._properties(resource, strict, lenient),
            depends_on=resource.depends_on,
            deletion_policy=resource.deletion_policy,
            update_replace_policy=resource.update_replace_policy,
        )

    def _properties(self, resource: Resource, strict: Resolver, lenient: Resolver) -> dict[str, Any]:
        properties = {}
        for key, value in resource.properties.items():
            try:
                found = strict.resolve(value)
            except ProblemError as problem:
                path = ("Resources", resource.logical_id, "Properties", key, *problem.path)
                self.problems.append(
                    Problem(
                        path=path,
                        message=problem.message,
                        is_unsupported=problem.is_unsupported,
                        is_beyond_budget=isinstance(problem, BudgetError),
                        is_undeclared=isinstance(problem, UndeclaredError),
                    )
                )
                found = self._as_far_as_known(key, value, lenient)
            if found is not NO_VALUE:
                properties[key] = found
        return properties

    def _as_far_as_known(self, key: str, value: Any, lenient: Resolver) -> Any:
        try:
            return lenient.resolve(value)
        except ProblemError:
            return Unresolved(key)

    def _decide_all(self) -> None:
        """Decide the conditions, each after those that it hangs on; what hangs on itself is not known."""
        needs = {name: condition_names(value) for name, value in self.template.conditions.items()}
        order = sorted_nodes(needs)
        self.conditions = dict.fromkeys(self.template.conditions)
        for name in order:
            verdict = self.conditions[name] = self._decided(self.template.conditions[name])
            if verdict is not None:
                self.known[name] = verdict

    def _decided(self, value: Any) -> bool | None:
        match value:
            case {"Fn::And": [*parts]}:
                verdicts = [self._decided(part) for part in parts]
                return False if False in verdicts else None if None in verdicts else True
            case {"Fn::Or": [*parts]}:
                verdicts = [self._decided(part) for part in parts]
                return True if True in verdicts else None if None in verdicts else False
            case {"Fn::Not": [part]}:
                verdict = self._decided(part)
                return None if verdict is None else not verdict
            case {"Condition": name}:
                return self.conditions.get(name) if isinstance(name, str) else None
        resolver = self._resolver("Conditions", CONDITION_FUNCTIONS)
        resolver.values = {**self.values, **{name: OpenParameter(name) for name in _OF_THE_DEPLOYMENT}}
        return self._truth(resolver, value)

    def _truth(self, resolver: Resolver, value: Any) -> bool | None:
        try:
            return truth(resolver, value)
        except ProblemError:
            return None
