"""All rules, in the order in which they run and are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .rules import cycles, functions, keys, limits_of_sight, schema, targets

if TYPE_CHECKING:
    from .rule import Rule

RULES: tuple[Rule, ...] = (
    cycles.circular_dependency,
    schema.unknown_type,
    schema.unknown_property,
    schema.missing_property,
    schema.wrong_type,
    schema.wrong_value,
    targets.missing_target,
    targets.unknown_attribute,
    targets.absent_in_region,
    functions.deprecated_runtime,
    functions.reserved_concurrency,
    keys.key_without_dynamodb,
    limits_of_sight.transform_not_analysed,
    limits_of_sight.malformed_suppression,
)
"""A new rule is one function in a module of qa/checks/rules and one line here."""
