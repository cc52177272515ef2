"""A rule is in the folder of the service that it is about: by its ID, and by the types it goes through."""

from __future__ import annotations

import ast
import inspect
import sys
from typing import TYPE_CHECKING

import pytest

from qa.checks import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from qa.checks.rule import Rule

FOLDERS = {
    "cloudwatch": {"CloudWatch"},
    "dynamodb": {"DynamoDB"},
    "iam": {"IAM"},
    "kms": {"KMS"},
    "lambda_": {"Lambda"},
    "route53": {"Route53"},
    "s3": {"S3"},
    "sns_sqs": {"SNS", "SQS"},
}
"""A folder of qa/checks/rules → the services of its types."""
SERVICE_OF = {
    "alarm": "CloudWatch",
    "alias": "KMS",
    "bucket": "S3",
    "deny": "IAM",
    "environment": "Lambda",
    "failover": "Route53",
    "function": "Lambda",
    "health": "Route53",
    "key": "KMS",
    "queue": "SQS",
    "replica": "DynamoDB",
    "replication": "S3",
    "rights": "IAM",
    "role": "IAM",
    "table": "DynamoDB",
    "topic": "SNS",
}
"""A word of a rule's ID → the service that it says; the first such word counts."""
EXPLAINED = {
    "key-without-service": "goes through what uses a key, and judges the key's policy",
    "replica-key-source": "the replica is a key's, not a table's",
    "replication-rights": "the fault and its fix are in a role's policy, judged like encryption-rights",
    "replication-unwatched": "asks for an alarm on a table's replication, as the rules on alarms do",
    "role-trust": "goes through what takes a role on, and judges the role's trust",
    "single-region-ciphertext": "goes through functions, and the fault and its fix are in the key",
    "unbounded-service": "a principal is the same in every service's policies: the language is IAM's",
}
"""Rules whose ID or types name another service than their folder, and why they are there."""


def _functions(rule: Rule) -> Iterator[ast.AST]:
    """Yield the code of a rule and of what it calls in its module."""
    module = sys.modules[rule.look.__module__]
    names, seen = [rule.look.__name__], set()
    while names:
        name = names.pop()
        value = getattr(module, name, None)
        function = inspect.unwrap(rule.look if name == rule.look.__name__ else value) if value else None
        if name in seen or not inspect.isfunction(function) or function.__module__ != module.__name__:
            continue
        seen.add(name)
        tree = ast.parse(inspect.getsource(function))
        names += [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
        yield tree


def _services(rule: Rule) -> set[str]:
    """Return the services of the types that a rule goes through."""
    module = sys.modules[rule.look.__module__]
    return {
        name.split("::")[1]
        for tree in _functions(rule)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for argument in _types_in(call)
        for name in _values(argument, module)
    }


def _types_in(call: ast.Call) -> list[ast.expr]:
    """Return the arguments of a call that are types of resources."""
    match call.func:
        case ast.Name(id="resources_of_type"):
            return call.args[1:]
        case ast.Attribute(attr="of_type"):
            return call.args
    return []


def _values(argument: ast.expr, module: ModuleType) -> tuple[str, ...]:
    match argument:
        case ast.Constant(value=str(name)):
            return (name,)
        case ast.Name(id=name):
            return (str(vars(module)[name]),)
        case ast.Starred(value=ast.Name(id=name)):
            return tuple(vars(module)[name])
    raise AssertionError(f"{module.__name__}: the types {ast.unparse(argument)} cannot be read here")


def _folder(rule: Rule) -> str:
    return rule.look.__module__.removeprefix("qa.checks.rules.").split(".")[0]


def _fits(rule: Rule) -> bool:
    home, services = FOLDERS[_folder(rule)], _services(rule)
    named = [SERVICE_OF[word] for word in rule.id.split("-") if word in SERVICE_OF][:1]
    return bool(named or services) and home.issuperset(named) and not (services and services.isdisjoint(home))


def test_a_rule_is_in_the_folder_of_its_service_or_it_is_said_why_not() -> None:
    elsewhere = [rule.id for rule in RULES if _folder(rule) != "template" and not _fits(rule)]

    assert sorted(elsewhere) == sorted(EXPLAINED)


@pytest.mark.parametrize("rule", [one for one in RULES if _folder(one) == "template"], ids=lambda one: one.id)
def test_a_rule_for_every_template_goes_through_no_single_services_types(rule: Rule) -> None:
    assert len(_services(rule)) != 1


def test_the_types_of_a_rule_are_read_with_those_of_the_functions_it_calls() -> None:
    by_id = {rule.id: rule for rule in RULES}

    assert {name: _services(by_id[name]) for name in ("function-not-invokable", "key-without-dynamodb")} == {
        "function-not-invokable": {"Events", "Lambda", "S3", "SNS"},
        "key-without-dynamodb": {"DynamoDB", "KMS"},
    }
