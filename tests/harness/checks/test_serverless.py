"""Templates of AWS SAM: what is certain is said, and nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from qa.checks import Finding, Severity, check
from qa.template import Path, template_of
from tests.harness.checks.small import REGIONS, body, found, resource

SERVERLESS = "AWS::Serverless-2016-10-31"
LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg"
READING = [{"S3ReadPolicy": {"BucketName": {"Ref": "Bucket"}}}]
BUCKET = {"Type": "AWS::S3::Bucket"}


def _function(**properties: Any) -> dict[str, Any]:
    return resource("AWS::Serverless::Function", Handler="index.handler", CodeUri="s3://b/k", **properties)


def _template(resources: dict[str, Any], **sections: Any) -> dict[str, Any]:
    return body(resources, Transform=SERVERLESS, **sections)


def _cycles(**resources: Any) -> list[tuple[Path, str]]:
    return [(each.path, each.message) for each in found("circular-dependency", _template(resources))]


def _event(kind: str, **properties: Any) -> dict[str, Any]:
    return {"It": {"Type": kind, "Properties": properties}}


def test_template_of_sam_is_told_once_to_be_analysed_in_part() -> None:
    template = template_of(
        _template(
            {
                "Fn": _function(
                    Runtime="nodejs22.x",
                    Policies=READING,
                    Events=_event("Api", Path="/", Method="get", RestApiId={"Ref": "Api"}),
                ),
                "Api": resource("AWS::Serverless::Api", StageName="live"),
                "Bucket": BUCKET,
            },
            Globals={"Function": {"Timeout": 5}},
        )
    )

    assert [(each.rule, each.message) for each in check(template, regions=REGIONS)] == [
        (
            "transform-not-analysed",
            "transform AWS::Serverless-2016-10-31 runs inside AWS; what it makes is not checked",
        )
    ]


def test_deprecated_runtime_of_globals_is_said_once_where_it_stands() -> None:
    template = _template(
        {"A": _function(), "B": _function(Runtime="nodejs22.x"), "C": _function()},
        Globals={"Function": {"Runtime": "nodejs14.x"}},
    )

    assert found("deprecated-runtime", template, today=date(2025, 1, 1)) == (
        Finding(
            rule="deprecated-runtime",
            severity=Severity.ERROR,
            region=None,
            logical_id="A",
            path=("Globals", "Function", "Runtime"),
            message="runtime nodejs14.x is deprecated since 2023-12-04; "
            "no function with it can be created since 2024-01-09 (and likewise C)",
            actual="nodejs14.x",
            expected="a runtime that is supported on 2025-01-01",
            fix="move to nodejs24.x",
            source=f"{LAMBDA}/lambda-runtimes.html",
        ),
    )


def test_reservations_of_sam_functions_count() -> None:
    template = _template(
        {"A": _function(ReservedConcurrentExecutions=5), "B": _function()},
        Globals={"Function": {"ReservedConcurrentExecutions": 7}},
    )

    assert [
        (each.path, each.message) for each in found("reserved-concurrency", template, concurrency_limit=100)
    ] == [
        (
            ("Resources", "A", "Properties", "ReservedConcurrentExecutions"),
            "A reserves 5 concurrent executions of the account's 100; the stack 12 in all",
        ),
        (
            ("Globals", "Function", "ReservedConcurrentExecutions"),
            "B reserves 7 concurrent executions of the account's 100; the stack 12 in all",
        ),
    ]


@pytest.mark.parametrize(
    "target",
    ["FnRole", "FnVersionea53c11c78", "FnAliaslive", "Fn.Alias", "FnApiPermissionProd", "ServerlessRestApi"],
)
def test_what_sam_makes_is_no_missing_target(target: str) -> None:
    resources = {"Fn": _function(), "A": resource("AWS::SNS::Topic", TopicName={"Ref": target})}

    assert found("missing-target", _template(resources)) == ()


def test_what_nobody_makes_is_missing_in_resources_and_globals() -> None:
    resources = {"Fn": _function(), "A": resource("AWS::SNS::Topic", TopicName={"Ref": "Gone"})}
    variables = {"Variables": {"TABLE": {"Ref": "Lost"}}}
    template = _template(resources, Globals={"Function": {"Environment": variables}})

    assert [(each.path, each.message) for each in found("missing-target", template)] == [
        (
            ("Globals", "Function", "Environment", "Variables", "TABLE", "Ref"),
            "Fn refers to Lost: there is no such resource or parameter",
        ),
        (
            ("Resources", "A", "Properties", "TopicName", "Ref"),
            "A refers to Gone: there is no such resource or parameter",
        ),
    ]


def test_event_of_an_api_that_calls_the_function_is_no_cycle() -> None:
    calling = {"paths": {"/": {"get": {"uri": {"Fn::Sub": "${Fn.Arn}"}}}}}

    assert (
        _cycles(
            Fn=_function(Events=_event("Api", RestApiId={"Ref": "Api"})),
            Api=resource("AWS::Serverless::Api", StageName="live", DefinitionBody=calling),
        )
        == []
    )


def test_function_that_is_told_of_the_api_that_calls_it_is_one() -> None:
    calling = {"paths": {"/": {"get": {"uri": {"Fn::Sub": "${Fn.Arn}"}}}}}

    assert [
        message
        for _, message in _cycles(
            Fn=_function(Environment={"Variables": {"API": {"Ref": "Api"}}}),
            Api=resource("AWS::Serverless::Api", StageName="live", DefinitionBody=calling),
        )
    ] == ["Resources need one another: Fn, Api"]


@pytest.mark.parametrize(
    ("properties", "is_cycle"),
    [
        ({"Environment": {"Variables": {"BUCKET": {"Ref": "Bucket"}}}}, True),
        ({"Policies": READING}, True),
        ({"Policies": READING, "Role": "arn:aws:iam::123456789012:role/reader"}, False),
        ({}, False),
    ],
    ids=["environment", "policy", "policy beside a role", "event alone"],
)
def test_bucket_that_notifies_a_function_waits_for_it(properties: dict[str, Any], *, is_cycle: bool) -> None:
    event = _event("S3", Bucket={"Ref": "Bucket"}, Events="s3:ObjectCreated:*")

    found_there = _cycles(Fn=_function(Events=event, **properties), Bucket=BUCKET)

    assert [message for _, message in found_there] == ["Resources need one another: Fn, Bucket"] * is_cycle


def test_loops_come_before_sam() -> None:
    template = body(
        {"Fn::ForEach::F": ["X", ["A", "B"], {"Fn${X}": _function(Runtime="nodejs14.x")}]},
        Transform=["AWS::LanguageExtensions", SERVERLESS],
    )

    assert [(each.logical_id, each.path[-1]) for each in found("deprecated-runtime", template)] == [
        ("FnA", "Runtime")
    ]
