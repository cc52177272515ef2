"""What DynamoDB refuses of parameters that its model allows, in its words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from moto.core.utils import get_service_model
from moto.dynamodb.comparisons import get_filter_expression
from moto.dynamodb.exceptions import DynamodbException, MockValidationException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.parsing.expressions import (  # type: ignore[attr-defined]  # moto checks no types there
    UpdateExpressionParser,
)
from moto.dynamodb.parsing.key_condition_expression import parse_expression
from moto.dynamodb.responses import DynamoHandler

from qa.embedded.judge.errors import PolicyError
from qa.embedded.judge.policy import parse_policy
from qa.embedded.malformed import children
from qa.embedded.patches import Patch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from botocore.model import Shape
    from moto.dynamodb.models.table import Table

    from qa.embedded.world import World

    Parser = Callable[[str, Mapping[str, Any]], object]

PLACEHOLDERS = (
    ("name", "the document path", "ExpressionAttributeNames", re.compile(r"#[A-Za-z0-9_]+")),
    ("value", "expression", "ExpressionAttributeValues", re.compile(r":[A-Za-z0-9_]+")),
)
UNREAD = (AttributeError, AssertionError, LookupError, NotImplementedError, TypeError, ValueError)


def fault_of(operation: str, parameters: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the parameters of an operation; None if nothing is that is known here."""
    shape = get_service_model("dynamodb").operation_model(operation).input_shape
    return None if shape is None else next(_faults(shape, parameters), None)


def _faults(shape: Shape, parameters: Mapping[str, Any]) -> Iterator[str]:
    yield from _in_values(shape, parameters)
    yield from _in_expressions(parameters)
    for requests in (parameters.get("RequestItems") or {}).values():
        if isinstance(requests, list) and any(len(each) != 1 for each in requests):
            yield "Invalid Request: a WriteRequest must contain exactly one of PutRequest and DeleteRequest"
    for item in parameters.get("TransactItems", ()):
        if len(item) != 1:
            yield "TransactItems can only contain one of Check, Put, Update or Delete"
        for action in item.values():
            yield from _in_expressions(action)


def _in_values(shape: Shape, value: Any) -> Iterator[str]:
    if shape.name == "AttributeValue" and len(value) != 1:
        yield _words_on_types(value)
    for _, inner, item in children(shape, value):
        if item is not None:
            yield from _in_values(inner, item)


def _words_on_types(value: Mapping[str, Any]) -> str:
    found = "has more than one datatypes set" if value else "is empty"
    return f"Supplied AttributeValue {found}, must contain exactly one of the supported datatypes"


def _in_expressions(parameters: Mapping[str, Any]) -> Iterator[str]:
    for name, parse in PARSERS.items():
        expression = parameters.get(name)
        if expression is not None:
            yield from (f"Invalid {name}: {each}" for each in _in_expression(expression, parse, parameters))


def _in_expression(expression: str, parse: Parser, parameters: Mapping[str, Any]) -> Iterator[str]:
    if not expression.strip():
        yield "The expression can not be empty;"
    for kind, where, among, placeholder in PLACEHOLDERS:
        undefined = set(placeholder.findall(expression)) - set(parameters.get(among) or ())
        for each in sorted(undefined):
            yield f"An expression attribute {kind} used in {where} is not defined; attribute {kind}: {each}"
    try:
        parse(expression, parameters)
    except DynamodbException:
        return  # moto says so itself
    except UNREAD:
        yield "Syntax error"


def _judged(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def read(self: DynamoHandler) -> Any:
        fault = next(_in_expressions(self.body), None)
        if fault is not None:  # moto has words of its own
            raise MockValidationException(fault)
        start = self.body.get("ExclusiveStartKey")
        if start is not None:
            table = self.dynamodb_backend.get_table(self.body["TableName"])
            if set(start) != _key_of(table, self.body.get("IndexName")):
                raise MockValidationException(
                    "The provided starting key is invalid: The provided key element does not match the schema"
                )
        return original(self)

    return read


def _put_policy(original: Callable[..., Any], _: World) -> Callable[..., Any]:
    def put_resource_policy(
        self: DynamoDBBackend, resource_arn: str, policy_doc: str, expected_revision_id: str | None
    ) -> Any:
        try:
            parse_policy(policy_doc, name="the policy", kind="resource")
        except PolicyError as unread:  # a table whose policy nobody can read answers nothing any more
            raise MockValidationException(f"Invalid policy document: {unread}") from None
        return original(self, resource_arn, policy_doc, expected_revision_id)

    return put_resource_policy


def _key_of(table: Table, index: str | None) -> set[str]:
    schemas = [table.schema, *(each.schema for each in table.all_indexes() if each.name == index)]
    return {str(each["AttributeName"]) for schema in schemas for each in schema}


def _of_one_type(original: Callable[..., None], _: World) -> Callable[..., None]:
    def init(self: DynamoType, type_as_dict: DynamoType | dict[str, Any]) -> None:
        if isinstance(type_as_dict, dict) and len(type_as_dict) != 1:
            raise MockValidationException(_words_on_types(type_as_dict))
        original(self, type_as_dict)

    return init


def _condition(expression: str, parameters: Mapping[str, Any]) -> object:
    return get_filter_expression(
        expression,
        parameters.get("ExpressionAttributeNames"),
        parameters.get("ExpressionAttributeValues"),
    )


def _key_condition(expression: str, parameters: Mapping[str, Any]) -> object:
    return parse_expression(
        key_condition_expression=expression,
        expression_attribute_values=parameters.get("ExpressionAttributeValues", {}),
        expression_attribute_names=parameters.get("ExpressionAttributeNames", {}),
        schema=[{"AttributeName": "key", "KeyType": "HASH"}],
    )


def _update(expression: str, _: Mapping[str, Any]) -> object:
    return UpdateExpressionParser.make(expression)


PARSERS: Mapping[str, Parser] = {
    "ConditionExpression": _condition,
    "FilterExpression": _condition,
    "KeyConditionExpression": _key_condition,
    "UpdateExpression": _update,
    "ProjectionExpression": lambda _expression, _parameters: None,
}

PATCHES = (
    Patch(
        owner=DynamoDBBackend,
        name="put_resource_policy",
        parameters="self, resource_arn, policy_doc, expected_revision_id",
        around=_put_policy,
    ),
    Patch(owner=DynamoType, name="__init__", parameters="self, type_as_dict", around=_of_one_type),
    Patch(owner=DynamoHandler, name="query", parameters="self", around=_judged),
    Patch(owner=DynamoHandler, name="scan", parameters="self", around=_judged),
)
