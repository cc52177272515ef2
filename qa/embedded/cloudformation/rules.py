"""The Rules section: what must hold between the parameters before anything is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import invalid, unmodelled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .template import Template


class Rules:
    """The rules of one template with the parameters' values of one request."""

    def __init__(self, template: Template, values: Mapping[str, str], pseudo: Mapping[str, str]) -> None:
        self._template = template
        self._values = {**pseudo, **values}
        self._functions: Mapping[str, Callable[[Any], bool]] = {
            "Fn::And": lambda parts: all(self._truth(part) for part in parts),
            "Fn::Or": lambda parts: any(self._truth(part) for part in parts),
            "Fn::Not": lambda parts: not self._truth(parts[0]),
            "Fn::Equals": lambda parts: self._value(parts[0]) == self._value(parts[1]),
            "Fn::Contains": lambda parts: self._value(parts[1]) in self._list(parts[0]),
            "Fn::EachMemberEquals": self._each_member_equals,
            "Fn::EachMemberIn": self._each_member_in,
        }

    def check(self) -> None:
        """Refuse the request at the first assertion that does not hold."""
        for name, rule in self._template.rules.items():
            assertions = rule.get("Assertions") if isinstance(rule, dict) else None
            if not isinstance(assertions, list):
                raise invalid(f"Template format error: [/Rules/{name}] Every rule must have Assertions.")
            if "RuleCondition" in rule and not self._truth(rule["RuleCondition"]):
                continue
            for assertion in assertions:
                if not self._truth(assertion["Assert"]):
                    description = assertion.get("AssertDescription", "an assertion does not hold")
                    raise invalid(f"Template error: Rules [{name}] failed: {description}")

    def _truth(self, expression: Any) -> bool:
        if isinstance(expression, bool):
            return expression
        if isinstance(expression, dict) and len(expression) == 1:
            function, parts = next(iter(expression.items()))
            if function in self._functions:
                return self._functions[function](parts)
            if function.startswith("Fn::"):
                raise unmodelled(f"{function} in the section Rules")
        raise invalid("Template format error: Rule conditions and assertions must evaluate to true or false.")

    def _each_member_equals(self, parts: Any) -> bool:
        expected = self._value(parts[1])
        return all(member == expected for member in self._list(parts[0]))

    def _each_member_in(self, parts: Any) -> bool:
        allowed = self._list(parts[1])
        return all(member in allowed for member in self._list(parts[0]))

    def _value(self, expression: Any) -> Any:
        if isinstance(expression, dict):
            if set(expression) == {"Ref"}:
                return self._referred(expression["Ref"])
            for function in ("Fn::ValueOf", "Fn::ValueOfAll", "Fn::RefAll"):
                if function in expression:
                    raise unmodelled(f"{function} in the section Rules")
            return self._truth(expression)
        return str(expression).lower() if isinstance(expression, bool) else str(expression)

    def _list(self, expression: Any) -> list[Any]:
        if isinstance(expression, list):
            return [self._value(item) for item in expression]
        value = self._value(expression)
        return value if isinstance(value, list) else [value]

    def _referred(self, name: str) -> Any:
        if name not in self._values:
            raise invalid(
                f"Template format error: Unresolved dependencies [{name}]. "
                "Cannot reference resources in the Rules block of the template"
            )
        value = self._values[name]
        kind = self._template.parameters.get(name, {}).get("Type", "")
        if kind in ("CommaDelimitedList", "List<Number>"):
            return [member.strip() for member in value.split(",")]
        return value
