"""Templates with loops: what is found in them, where, and how often it is said."""

from __future__ import annotations

from typing import Any

import pytest

from qa.checks import Finding, Severity, check
from qa.checks.drawing import picture
from qa.checks.reporting import located
from qa.template import Path, parse_template, template_of
from tests.harness.checks.small import EAST, REGIONS, TOPIC, WEST, body, found, resource

EXTENSIONS = "AWS::LanguageExtensions"
GUIDE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference"
OPEN = {"Names": {"Type": "CommaDelimitedList"}}
WRITER = """\
const { S3Client, PutObjectCommand } = require('@aws-sdk/client-s3');
exports.handler = () => new S3Client().send(new PutObjectCommand({ Bucket: 'b', Key: 'k' }));
"""
LOOP: Path = ("Resources", "Fn::ForEach::Loop")
BODY: Path = (*LOOP, 2, "T${X}")


def _loop(collection: Any, made: Any, **others: Any) -> dict[str, Any]:
    return {"Fn::ForEach::Loop": ["X", collection, made], **others}


def _template(resources: dict[str, Any], **sections: Any) -> dict[str, Any]:
    return body(resources, Transform=EXTENSIONS, **sections)


def _said(rule: str, template: dict[str, Any], **options: Any) -> list[tuple[str | None, str]]:
    return [(each.region, each.message) for each in found(rule, template, **options)]


def test_what_is_alike_in_all_rounds_is_said_once_at_the_line_of_the_body() -> None:
    template = _template(_loop(["A", "B", "C"], {"T${X}": resource("AWS::SNS::Topic", Bogus=1)}))

    assert [(each.logical_id, each.path, each.message) for each in found("unknown-property", template)] == [
        (
            "TA",
            (*BODY, "Properties", "Bogus"),
            "AWS::SNS::Topic has no property 'Bogus' (and likewise TB, TC)",
        )
    ]


def test_what_is_wrong_in_one_round_names_that_one() -> None:
    mapping = {"Kinds": {"A": {"Name": "a"}, "C": {"Name": "c"}}}
    name = {"Fn::FindInMap": ["Kinds", {"Ref": "X"}, "Name"]}
    loop = _loop(["A", "B", "C"], {"T${X}": resource("AWS::SNS::Topic", TopicName=name)})

    assert [
        (each.logical_id, each.severity, each.message)
        for each in found("unresolvable-function", _template(loop, Mappings=mapping))
    ] == [("TB", Severity.ERROR, "Template error: Unable to get mapping for Kinds::B::Name")]


def test_values_that_came_of_a_parameter_may_be_others() -> None:
    parameters = {"Names": {"Type": "CommaDelimitedList", "Default": "B"}}
    name = {"Fn::FindInMap": ["Kinds", {"Ref": "X"}, "Name"]}
    loop = _loop({"Ref": "Names"}, {"T${X}": resource("AWS::SNS::Topic", TopicName=name)})
    template = _template(loop, Parameters=parameters, Mappings={"Kinds": {"A": {"Name": "a"}}})

    assert [each.severity for each in found("unresolvable-function", template)] == [Severity.WARNING]


def test_several_of_one_round_are_joined_by_their_words() -> None:
    template = _template(
        _loop(["A", "B"], {"T${X}": resource("AWS::SNS::Topic", TopicName={"Fn::Sub": "${Gone}${Lost}"})})
    )

    assert [each.message for each in found("missing-target", template)] == [
        "TA refers to Gone: there is no such resource or parameter (and likewise TB)",
        "TA refers to Lost: there is no such resource or parameter (and likewise TB)",
    ]


def test_suppression_in_the_body_is_for_every_round_and_one_in_the_settings_for_its_own() -> None:
    topic = resource("AWS::SNS::Topic", Bogus=1)
    entry = {"rule": "unknown-property", "reason": "a beta"}
    inside = {**topic, "Metadata": {"qa": {"suppress": [entry]}}}

    assert [
        [(each.logical_id, each.suppressed) for each in found("unknown-property", template, **options)]
        for template, options in (
            (_template(_loop(["A", "B"], {"T${X}": inside})), {}),
            (
                _template(_loop(["A", "B"], {"T${X}": topic})),
                {"suppress": {"unknown-property:TA": "known"}},
            ),
        )
    ] == [[("TA", "a beta")], [("TA", "known"), ("TB", None)]]


def test_cycle_of_a_loop_is_told_in_cloudformations_words() -> None:
    queue = resource("AWS::SQS::Queue", QueueName={"Fn::GetAtt": [{"Fn::Sub": "T${X}"}, "TopicName"]})
    loop = _loop(["A"], {"T${X}": {**TOPIC, "DependsOn": {"Fn::Sub": "Q${X}"}}, "Q${X}": queue})

    assert [(each.path, each.message) for each in found("circular-dependency", _template(loop))] == [
        ((*BODY, "DependsOn"), "Circular dependency between resources: [QA, TA]")
    ]


def test_loop_that_differs_by_region_is_judged_in_each() -> None:
    mapping = {"Zones": {EAST: {"Names": ["a"]}, WEST: {"Names": ["b", "c"]}}}
    zones = {"Fn::FindInMap": ["Zones", {"Ref": "AWS::Region"}, "Names"]}
    template = _template(
        _loop(
            zones, {"T${X}": resource("AWS::SNS::Topic", Bogus=1)}, Same=resource("AWS::SNS::Topic", Odd=1)
        ),
        Mappings=mapping,
    )

    assert _said("unknown-property", template) == [
        (EAST, "AWS::SNS::Topic has no property 'Bogus'"),
        (None, "AWS::SNS::Topic has no property 'Odd'"),
        (WEST, "AWS::SNS::Topic has no property 'Bogus' (and likewise Tc)"),
    ]


def test_open_collection_is_told_once_and_nothing_is_judged_falsely() -> None:
    reader = resource(
        "AWS::SNS::Topic",
        TopicName={"Fn::GetAtt": ["Tfoo", "TopicName"]},
        DisplayName={"Fn::Sub": "${Tbar}${TbarX}${Other}"},
    )
    loop = _loop({"Ref": "Names"}, {"T${X}": TOPIC, "T${X}X": resource("No::Such", Bogus=1)}, Reader=reader)
    template = template_of(_template(loop, Parameters=OPEN))

    assert [(each.rule, each.message) for each in check(template, regions=REGIONS)] == [
        ("missing-target", "Reader refers to Other: there is no such resource or parameter"),
        (
            "transform-not-analysed",
            "Fn::ForEach::Loop: its collection is not known here; what comes of it is not checked",
        ),
    ]


def test_open_collection_says_what_to_give() -> None:
    template = _template(_loop({"Ref": "Names"}, {"T${X}": TOPIC}), Parameters=OPEN)

    assert found("transform-not-analysed", template) == (
        Finding(
            rule="transform-not-analysed",
            severity=Severity.NOTE,
            region=None,
            logical_id="Fn::ForEach::Loop",
            path=(*LOOP, 1),
            message="Fn::ForEach::Loop: its collection is not known here; what comes of it is not checked",
            actual=["${Names}"],
            expected="values that are known before the deploy",
            fix="check with --parameter Names=…",
            source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros-overview.html",
        ),
    )
    assert found("transform-not-analysed", template, parameters={"Names": "A,B"}) == ()


def test_open_loop_of_conditions_leaves_conditions_open() -> None:
    conditions = {"Fn::ForEach::C": ["X", {"Ref": "Names"}, {"Is${X}": {"Fn::Equals": ["a", "b"]}}]}
    template = _template(
        {"A": {**TOPIC, "Condition": "IsIt"}, "B": {**TOPIC, "Condition": "HasIt"}},
        Parameters=OPEN,
        Conditions=conditions,
    )

    assert _said("missing-target", template) == [(None, "B refers to HasIt: there is no such condition")]


def test_open_loop_within_properties_leaves_the_resource_alone() -> None:
    odd = resource("AWS::SNS::Topic", Bogus=1)
    odd["Properties"]["Fn::ForEach::P"] = ["X", {"Ref": "Names"}, {"${X}": 1}]
    template = template_of(_template({"Odd": odd, "B": {**TOPIC, "DependsOn": "Odd"}}, Parameters=OPEN))

    assert [(each.rule, each.path) for each in check(template, regions=REGIONS)] == [
        ("transform-not-analysed", ("Resources", "Odd", "Properties", "Fn::ForEach::P", 1))
    ]


def test_policies_that_an_open_loop_may_attach_are_not_missed() -> None:
    function = {
        "F": resource(
            "AWS::Lambda::Function",
            Runtime="nodejs22.x",
            Handler="index.handler",
            Role={"Fn::GetAtt": ["R", "Arn"]},
            Code={"ZipFile": WRITER},
        ),
        "R": resource("AWS::IAM::Role", AssumeRolePolicyDocument={"Statement": []}),
    }
    attached = _loop({"Ref": "Names"}, {"P${X}": resource("AWS::IAM::RolePolicy", PolicyName="p")})

    assert [
        len(found("function-rights", _template({**function, **more}, Parameters=OPEN)))
        for more in ({}, attached)
    ] == [1, 0]


@pytest.mark.parametrize("region_less", [True, False], ids=["all regions", "one region"])
def test_loop_without_the_transform_is_refused(*, region_less: bool) -> None:
    template = body(_loop(["A"], {"T${X}": TOPIC}, B={**TOPIC, "DependsOn": "TA"}))
    regions = REGIONS if region_less else (EAST,)

    assert check(template_of(template), regions=regions) == (
        Finding(
            rule="undeclared-transform",
            severity=Severity.ERROR,
            region=None,
            logical_id="Fn::ForEach::Loop",
            path=LOOP,
            message="Fn::ForEach needs the transform AWS::LanguageExtensions, "
            "which the template does not declare",
            actual=[],
            expected="the transform AWS::LanguageExtensions, before AWS::Serverless if that is there",
            fix='declare it: "Transform": "AWS::LanguageExtensions"',
            source=f"{GUIDE}/transform-aws-languageextensions.html",
        ),
    )


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ({"Properties": {"A": {"Fn::Length": []}}}, ("Properties", "A", "Fn::Length")),
        ({"Properties": {"A": {"Fn::ToJsonString": {}}}}, ("Properties", "A", "Fn::ToJsonString")),
    ],
    ids=["Length", "ToJsonString"],
)
def test_other_extensions_need_it_too(written: dict[str, Any], path: Path) -> None:
    resources = {"A": {**TOPIC, **written}}

    assert [
        [each.path for each in found("undeclared-transform", template)]
        for template in (body(resources), _template(resources), body(resources, Transform="Acme"))
    ] == [[("Resources", "A", *path)], [], []]


@pytest.mark.parametrize("key", ["DeletionPolicy", "UpdateReplacePolicy"])
def test_policy_by_function_needs_no_transform(key: str) -> None:
    assert found("undeclared-transform", body({"A": {**TOPIC, key: {"Fn::Sub": "Retain"}}})) == ()


def test_loop_that_makes_a_name_twice() -> None:
    loop = _loop(["A", "B"], {"T${X}": TOPIC})
    expected = (
        Finding(
            rule="malformed-loop",
            severity=Severity.ERROR,
            region=None,
            logical_id="Fn::ForEach::Loop",
            path=BODY,
            message="Fn::ForEach makes TA more than once",
            actual="Resources/Fn::ForEach::Loop/2/T${X}",
            expected="a loop that CloudFormation can write out, and names it takes",
            fix="put each loop's ${Identifier} into the key",
            source=f"{GUIDE}/intrinsic-function-reference-foreach.html",
        ),
    )

    assert [
        found("malformed-loop", _template(resources))
        for resources in ({**loop, "TC": TOPIC}, {"TA": TOPIC, **loop}, {**loop, "TA": TOPIC})
    ] == [(), expected, expected]


def test_names_of_a_parameters_default_are_a_warning() -> None:
    parameters = {"Names": {"Type": "CommaDelimitedList", "Default": "a-b,c-d"}}
    template = _template(_loop({"Ref": "Names"}, {"T${X}": TOPIC}), Parameters=parameters)
    stripped = _template(_loop({"Ref": "Names"}, {"T&{X}": TOPIC}), Parameters=parameters)

    assert [(each.severity, each.message) for each in found("malformed-loop", template)] == [
        (Severity.WARNING, "Fn::ForEach makes the name 'Ta-b'; a name has letters and digits only")
    ]
    assert found("malformed-loop", stripped) == ()


def test_condition_must_not_come_first_in_a_loop() -> None:
    conditions = {"Always": {"Fn::Equals": ["a", "a"]}}
    first, second = {"Condition": "Always", **TOPIC}, {**TOPIC, "Condition": "Always"}

    assert [
        _said("malformed-loop", _template(resources, Conditions=conditions))
        for resources in (_loop(["A", "B"], {"T${X}": first}), _loop(["A"], {"T${X}": second}), {"A": first})
    ] == [
        [(None, "TA begins with its Condition: in a loop the stack's creation fails then (and likewise TB)")],
        [],
        [],
    ]


def test_finding_in_a_loop_quotes_its_line_and_type() -> None:
    template = parse_template(
        "Transform: AWS::LanguageExtensions\n"
        "Resources:\n"
        "  Fn::ForEach::Loop:\n"
        "    - X\n"
        "    - [A, B]\n"
        "    - T${X}:\n"
        "        Type: AWS::SNS::Topic\n"
        "        Properties:\n"
        "          Bogus: 1\n"
    )

    assert [
        (each.position.line, each.position.column, each.line, each.resource_type)
        for each in located(check(template, regions=REGIONS), template)
    ] == [(9, 11, "          Bogus: 1", "AWS::SNS::Topic")]


def test_what_loops_make_is_drawn() -> None:
    mapping = {"Zones": {EAST: {"Names": ["a"]}, WEST: {"Names": ["a", "b"]}}}
    zones = {"Fn::FindInMap": ["Zones", {"Ref": "AWS::Region"}, "Names"]}
    template = _template(_loop(zones, {"T${X}": {**TOPIC, "DependsOn": "B"}}, B=TOPIC), Mappings=mapping)

    drawing = picture(template_of(template), regions=REGIONS, parameters={})

    assert [(box.group, box.logical_id) for box in drawing.boxes] == [
        (EAST, "Ta"),
        (EAST, "B"),
        (WEST, "Ta"),
        (WEST, "Tb"),
        (WEST, "B"),
    ]
    assert [(arrow.source, arrow.target) for arrow in drawing.arrows] == [(0, 1), (2, 4), (3, 4)]
