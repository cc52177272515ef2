"""A template as one stack sees it: one region, one set of parameter values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .errors import EvaluationError, UnsupportedError
from .expansion import expansion
from .logic import CONDITION_FUNCTIONS, PROPERTY_FUNCTIONS, RULE_FUNCTIONS, truth
from .ordering import remainder, sorted_nodes
from .parameters import parameter_values
from .pseudo import NO_VALUE, pseudo_parameters
from .references import condition_names
from .resolver import AbsentReference, Budget, ProblemError, Resolver, UndeclaredError
from .shape import LANGUAGE_EXTENSIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .model import Resource, Template
    from .parameters import ParameterValue
    from .positions import Path
    from .unknowns import Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluatedResource:
    """A resource of the stack with its properties resolved."""

    logical_id: str
    type: str
    properties: dict[str, Any]
    depends_on: tuple[str, ...]
    """Only what the stack holds too, as CloudFormation does."""
    deletion_policy: Any
    update_replace_policy: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluatedOutput:
    """An output of the stack."""

    logical_id: str
    value: Any
    export_name: Any
    """None when it is not exported."""
    description: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResult:
    """What a rule says about the parameters."""

    rule: str
    applies: bool
    """False when its RuleCondition is: then nothing is asserted."""
    failed: tuple[str, ...]
    """Descriptions of the assertions that do not hold; without one, the assertion's number from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """A template's content in one region; unknown values are Unknown, never text."""

    region: str
    parameters: Mapping[str, str | list[str] | Unknown]
    conditions: Mapping[str, bool]
    resources: Mapping[str, EvaluatedResource]
    """Only those whose condition is true, in template order."""
    outputs: Mapping[str, EvaluatedOutput]
    """Only those whose condition is true."""
    rules: tuple[RuleResult, ...]
    absent_references: tuple[AbsentReference, ...] = field(default=())
    """References to resources that this stack does not hold; CloudFormation refuses such a stack."""

    @property
    def failed_rules(self) -> tuple[RuleResult, ...]:
        """The rules with an assertion that does not hold; CloudFormation refuses such a stack."""
        return tuple(result for result in self.rules if result.failed)


def evaluate(
    template: Template,
    *,
    region: str,
    parameters: Mapping[str, ParameterValue] | None = None,
    account_id: str = "123456789012",
    stack_name: str = "stack",
    stack_id: str | None = None,
    notification_arns: tuple[str, ...] = (),
) -> Evaluated:
    """Return what a stack of this template holds in a region.

    Raises ParameterError for values that do not satisfy the parameters, EvaluationError for what
    CloudFormation would refuse, and UnsupportedError for what cannot be known without AWS.
    """
    pseudo = pseudo_parameters(
        region=region,
        account_id=account_id,
        stack_name=stack_name,
        stack_id=stack_id,
        notification_arns=notification_arns,
    )
    values = parameter_values(template, parameters or {})
    return _Evaluation(_written_out(template, {**values, **pseudo}), values, pseudo).evaluated()


def expanded(
    template: Template, *, region: str, parameters: Mapping[str, ParameterValue] | None = None
) -> Template:
    """Return a template with its loops written out for a region; positions are those of the text.

    Raises what `evaluate` raises: a loop's collection may hang on parameters.
    """
    pseudo = pseudo_parameters(
        region=region, account_id="123456789012", stack_name="stack", stack_id=None, notification_arns=()
    )
    return _written_out(template, {**parameter_values(template, parameters or {}), **pseudo})


def _written_out(template: Template, values: Mapping[str, Any]) -> Template:
    def place(path: Path) -> dict[str, Any]:
        return {"source": template.source, "position": template.positions.at(path)}

    for name in template.transforms:
        if name != LANGUAGE_EXTENSIONS:
            raise UnsupportedError(
                f"no support for transform {name!r}: it runs in AWS", **place(("Transform",))
            )
    found = expansion(template, values)
    for path in found.undeclared:
        raise EvaluationError(UndeclaredError("Fn::ForEach").message, **place(path))
    for problem in found.problems:
        raise EvaluationError(problem.message, **place(problem.path))
    for one in found.open_places:
        unknown = f": {', '.join(map(str, one.unknowns))}" if one.unknowns else ""
        raise UnsupportedError(
            f"no support for {'/'.join(map(str, one.path))}: {one.reason}{unknown}", **place(one.path)
        )
    return found.template


class _Evaluation:
    def __init__(self, template: Template, parameters: dict[str, Any], pseudo: dict[str, object]) -> None:
        self.template = template
        self.parameters = parameters
        self.pseudo = pseudo
        self.values = {**parameters, **pseudo}
        self.conditions: dict[str, bool] = {}
        self.absent: frozenset[str] = frozenset()
        self.budget = Budget(template.text, template.unfolded)

    def evaluated(self) -> Evaluated:
        rules = tuple(self._rule(name) for name in self.template.rules)
        self._decide()
        self.absent = frozenset(
            resource.logical_id
            for resource in self.template.resources.values()
            if not self._holds(resource.condition, ("Resources", resource.logical_id))
        )
        resolver = self._resolver("Resources", PROPERTY_FUNCTIONS)
        resources = {
            logical_id: self._resource(resource, resolver)
            for logical_id, resource in self.template.resources.items()
            if logical_id not in self.absent
        }
        output_resolver = self._resolver("Outputs", PROPERTY_FUNCTIONS)
        outputs = {
            name: self._output(name, declared, output_resolver)
            for name, declared in self.template.outputs.items()
            if self._holds(declared.get("Condition"), ("Outputs", name))
        }
        return Evaluated(
            region=str(self.pseudo["AWS::Region"]),
            parameters=self.parameters,
            conditions=self.conditions,
            resources=resources,
            outputs=outputs,
            rules=rules,
            absent_references=(*resolver.absent_references, *output_resolver.absent_references),
        )

    def _resolver(self, section: str, functions: Mapping[str, Callable[[Resolver, Any], Any]]) -> Resolver:
        return Resolver(
            values=self.values,
            mappings=self.template.body.get("Mappings", {}),
            conditions=self.conditions,
            resources=self.template.resources,
            absent=self.absent,
            functions=functions,
            section=section,
            budget=self.budget,
            is_extended=LANGUAGE_EXTENSIONS in self.template.transforms,
        )

    def _rule(self, name: str) -> RuleResult:
        rule, path = self.template.rules[name], ("Rules", name)
        resolver = self._resolver("Rules", RULE_FUNCTIONS)
        resolver.parameter_types = {
            key: str(declared.get("Type", "String")) for key, declared in self.template.parameters.items()
        }
        if "RuleCondition" in rule and not self._truth(
            resolver, rule["RuleCondition"], (*path, "RuleCondition")
        ):
            return RuleResult(rule=name, applies=False, failed=())
        failed = []
        assertions = rule.get("Assertions", [])
        if not isinstance(assertions, list):
            problem = ProblemError("Template format error: Assertions must be a list")
            raise self._error(problem, (*path, "Assertions"))
        for index, assertion in enumerate(assertions):
            here = (*path, "Assertions", index)
            if not isinstance(assertion, dict) or "Assert" not in assertion:
                raise self._error(ProblemError("Template format error: an assertion needs Assert"), here)
            if not self._truth(resolver, assertion["Assert"], (*here, "Assert")):
                failed.append(str(assertion.get("AssertDescription", f"assertion {index + 1}")))
        return RuleResult(rule=name, applies=True, failed=tuple(failed))

    def _decide(self) -> None:
        needs = {name: condition_names(value) for name, value in self.template.conditions.items()}
        resolver = self._resolver("Conditions", CONDITION_FUNCTIONS)
        for name in sorted_nodes(needs):
            self.conditions[name] = self._truth(
                resolver, self.template.conditions[name], ("Conditions", name)
            )
        circular = remainder(needs)
        if circular:
            message = (
                f"Template format error: Circular dependency between conditions: [{', '.join(circular)}]"
            )
            raise self._error(ProblemError(message), ("Conditions", circular[0]))

    def _holds(self, condition: Any, path: Path) -> bool:
        if condition is None:
            return True
        if isinstance(condition, str) and condition in self.conditions:
            return self.conditions[condition]
        words = f"Unresolved condition dependency {condition} in the {path[0]} block of the template"
        raise self._error(ProblemError(f"Template format error: {words}"), (*path, "Condition"))

    def _resource(self, resource: Resource, resolver: Resolver) -> EvaluatedResource:
        path = ("Resources", resource.logical_id)
        resolver.source = resource.logical_id
        properties = self._resolved(resolver, resource.properties, (*path, "Properties"))
        return EvaluatedResource(
            logical_id=resource.logical_id,
            type=resource.type,
            properties={} if properties is NO_VALUE else properties,
            depends_on=tuple(target for target in resource.depends_on if self._is_held(target, path)),
            deletion_policy=self._policy(resolver, resource.deletion_policy, (*path, "DeletionPolicy")),
            update_replace_policy=self._policy(
                resolver, resource.update_replace_policy, (*path, "UpdateReplacePolicy")
            ),
        )

    def _policy(self, resolver: Resolver, policy: Any, path: Path) -> Any:
        if isinstance(policy, dict) and not resolver.is_extended:
            raise self._error(UndeclaredError(f"A function in {path[-1]}"), path)
        return self._resolved(resolver, policy, path)

    def _is_held(self, target: str, path: Path) -> bool:
        if target in self.template.resources:
            return target not in self.absent
        words = f"Unresolved resource dependencies [{target}] in the Resources block of the template"
        raise self._error(ProblemError(f"Template format error: {words}"), (*path, "DependsOn"))

    def _output(self, name: str, declared: Mapping[str, Any], resolver: Resolver) -> EvaluatedOutput:
        resolver.source, path = name, ("Outputs", name)
        if "Value" not in declared:
            words = f"Output {name} is malformed. Every Outputs member must contain a Value object"
            raise self._error(ProblemError(f"Template format error: {words}"), path)
        export = declared.get("Export")
        export_name = export.get("Name") if isinstance(export, dict) else None
        description = declared.get("Description")
        return EvaluatedOutput(
            logical_id=name,
            value=self._resolved(resolver, declared["Value"], (*path, "Value")),
            export_name=self._resolved(resolver, export_name, (*path, "Export", "Name")),
            description=description if isinstance(description, str) else None,
        )

    def _resolved(self, resolver: Resolver, value: Any, path: Path) -> Any:
        try:
            return resolver.resolve(value)
        except ProblemError as problem:
            raise self._error(problem, path) from None

    def _truth(self, resolver: Resolver, value: Any, path: Path) -> bool:
        try:
            return truth(resolver, value)
        except ProblemError as problem:
            raise self._error(problem, path) from None

    def _error(self, problem: ProblemError, path: Path) -> EvaluationError | UnsupportedError:
        kind = UnsupportedError if problem.is_unsupported else EvaluationError
        full = (*path, *problem.path)
        where = "/".join(map(str, full))
        position = self.template.position(full)
        return kind(f"{problem.message} (at {where})", source=self.template.source, position=position)
