"""Fn::ForEach written out: names, values, places; what is refused and what stays open."""

from __future__ import annotations

from typing import Any

import pytest

from qa.template import (
    EvaluationError,
    Position,
    TemplateError,
    UnsupportedError,
    evaluate,
    expanded,
    graph,
    parse_template,
    template_of,
)

EXTENSIONS = "AWS::LanguageExtensions"
TOPIC = {"Type": "AWS::SNS::Topic"}
NAMES = {"Names": {"Type": "CommaDelimitedList", "Default": "Ada, Grace"}}
MAPPINGS = {
    "Regions": {"us-east-1": {"Zones": ["a", "b"]}, "us-west-2": {"Zones": ["c"]}},
    "Sizes": {"Ada": {"Size": "5"}},
}


def named(name: Any) -> dict[str, Any]:
    return {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": name}}


def loop(collection: Any, made: Any, identifier: Any = "X") -> dict[str, Any]:
    return {"Fn::ForEach::Loop": [identifier, collection, made]}


def body(resources: Any, **sections: Any) -> dict[str, Any]:
    return {
        "Transform": EXTENSIONS,
        "Parameters": NAMES,
        "Mappings": MAPPINGS,
        **sections,
        "Resources": resources,
    }


def resources(written: Any, *, region: str = "us-east-1", **sections: Any) -> Any:
    return expanded(template_of(body(written, **sections)), region=region).body["Resources"]


def refusal(written: Any, **sections: Any) -> str:
    with pytest.raises((EvaluationError, UnsupportedError)) as raised:
        evaluate(template_of(body(written, **sections)), region="us-east-1")
    return raised.value.message


def test_a_loop_makes_a_resource_per_value_where_it_stands() -> None:
    written = {"First": TOPIC, **loop(["A", "B"], {"Topic${X}": named({"Ref": "X"})}), "Last": TOPIC}

    found = resources(written)

    assert (list(found), found["TopicB"]) == (["First", "TopicA", "TopicB", "Last"], named("B"))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"Ref": "X"}, "a.b"),
        ("${X}-${Y}", "a.b-${Y}"),
        ("&{X}", "ab"),
        ({"Fn::Sub": "${X}/${AWS::Region}"}, {"Fn::Sub": "a.b/${AWS::Region}"}),
        ({"${X}": {"Fn::Join": ["", [{"Ref": "X"}]]}}, {"a.b": {"Fn::Join": ["", ["a.b"]]}}),
        ({"Ref": "Other"}, {"Ref": "Other"}),
        ({"Ref": {"Fn::Sub": "Name&{X}"}}, {"Ref": "Nameab"}),
        ({"Fn::GetAtt": [{"Fn::Sub": "T&{X}"}, {"Ref": "X"}]}, {"Fn::GetAtt": ["Tab", "a.b"]}),
        ("${!X}", "${!X}"),
        (5, 5),
    ],
    ids=str,
)
def test_the_identifier_is_replaced_in_keys_and_values(written: Any, expected: Any) -> None:
    found = resources(loop(["a.b"], {"T&{X}": named(written)}))

    assert found == {"Tab": named(expected)}


@pytest.mark.parametrize(
    ("collection", "region", "expected"),
    [
        (["A", 1, True], "us-east-1", ["TA", "T1", "Ttrue"]),
        ([{"Ref": "AWS::Region"}], "us-east-1", ["Tuseast1"]),
        ({"Ref": "Names"}, "us-east-1", ["TAda", "TGrace"]),
        ({"Fn::FindInMap": ["Regions", {"Ref": "AWS::Region"}, "Zones"]}, "us-east-1", ["Ta", "Tb"]),
        ({"Fn::FindInMap": ["Regions", {"Ref": "AWS::Region"}, "Zones"]}, "us-west-2", ["Tc"]),
        ({"Fn::FindInMap": ["Regions", "mars", "Zones", {"DefaultValue": ["d"]}]}, "us-east-1", ["Td"]),
        ({"Fn::Split": ["|", "e|f"]}, "us-east-1", ["Te", "Tf"]),
        ([], "us-east-1", []),
    ],
    ids=["list", "function in a list", "parameter", "mapping", "other region", "default", "split", "none"],
)
def test_collections(collection: Any, region: str, expected: list[str]) -> None:
    assert list(resources(loop(collection, {"T&{X}": TOPIC}), region=region)) == expected


def test_loops_within_loops_see_the_identifiers_around_them() -> None:
    inner = {"Fn::ForEach::In": ["Y", ["1", "2"], {"${X}${Y}": named({"Fn::Sub": "${X}-${Y}"})}]}

    found = resources(loop(["A", "B"], {"Only${X}": TOPIC, **inner}))

    assert {key: each.get("Properties") for key, each in found.items()} == {
        "OnlyA": None,
        "A1": {"TopicName": {"Fn::Sub": "A-1"}},
        "A2": {"TopicName": {"Fn::Sub": "A-2"}},
        "OnlyB": None,
        "B1": {"TopicName": {"Fn::Sub": "B-1"}},
        "B2": {"TopicName": {"Fn::Sub": "B-2"}},
    }


def test_conditions_outputs_and_properties_have_loops_too() -> None:
    sizes = {
        "Fn::FindInMap": ["Sizes", {"Ref": "X"}, {"Ref": "Key"}, {"DefaultValue": {"Ref": "AWS::NoValue"}}]
    }
    template = template_of(
        body(
            loop(
                {"Ref": "Names"},
                {
                    "Topic${X}": {
                        "Type": "T",
                        "Condition": {"Fn::Sub": "Is${X}"},
                        "DependsOn": [{"Fn::Sub": "Other"}],
                        "DeletionPolicy": {"Fn::If": ["IsAda", "Retain", "Delete"]},
                        "Properties": {"Fn::ForEach::Keys": ["Key", ["Size"], {"${Key}": sizes}]},
                    }
                },
            )
            | {"Other": TOPIC},
            Conditions={
                "Fn::ForEach::C": ["N", {"Ref": "Names"}, {"Is${N}": {"Fn::Equals": [{"Ref": "N"}, "Ada"]}}]
            },
            Outputs={
                "Fn::ForEach::O": ["N", ["Ada"], {"Name${N}": {"Value": {"Ref": {"Fn::Sub": "Topic${N}"}}}}]
            },
        )
    )

    found = evaluate(template, region="us-east-1")

    topic = found.resources["TopicAda"]
    assert (dict(found.conditions), list(found.resources), topic.properties, topic.depends_on) == (
        {"IsAda": True, "IsGrace": False},
        ["TopicAda", "Other"],
        {"Size": "5"},
        ("Other",),
    )
    assert (topic.deletion_policy, str(found.outputs["NameAda"].value)) == ("Retain", "${TopicAda}")


def test_a_condition_may_be_left_out_by_its_mapping() -> None:
    condition = {"Fn::FindInMap": ["Sizes", {"Ref": "X"}, "On", {"DefaultValue": {"Ref": "AWS::NoValue"}}]}

    assert resources(loop(["A"], {"${X}": {**TOPIC, "Condition": condition}})) == {"A": TOPIC}


def test_values_of_parameters_decide() -> None:
    template = template_of(body(loop({"Ref": "Names"}, {"T${X}": TOPIC})))

    found = expanded(template, region="us-east-1", parameters={"Names": "One,Two,Three"})

    assert list(found.resources) == ["TOne", "TTwo", "TThree"]


def test_what_a_loop_makes_stands_in_its_body() -> None:
    template = parse_template(
        "Transform: AWS::LanguageExtensions\n"
        "Resources:\n"
        "  Fn::ForEach::Outer:\n"
        "    - X\n"
        "    - [A, B]\n"
        "    - Fn::ForEach::Inner:\n"
        "        - Y\n"
        "        - [1]\n"
        "        - T${X}${Y}:\n"
        "            Type: AWS::SNS::Topic\n"
        "            Properties:\n"
        "              Tags: [{Key: '${X}', Value: v}]\n"
    )
    made = expanded(template, region="us-east-1")
    inner = ("Resources", "Fn::ForEach::Outer", 2, "Fn::ForEach::Inner", 2, "T${X}${Y}")

    places = [("Resources", "TB1"), ("Resources", "TB1", "Properties", "Tags", 0, "Value")]
    assert [(made.written(path), made.position(path)) for path in places] == [
        (inner, Position(9, 11)),
        ((*inner, "Properties", "Tags", 0, "Value"), Position(12, 36)),
    ]


def test_a_cycle_that_a_loop_makes_has_cloudformations_own_line() -> None:
    made = {
        "Topic${X}": {**TOPIC, "DependsOn": "Queue${X}"},
        "Queue${X}": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Fn::Sub": "${Topic${X}}"}}},
    }
    looped = expanded(template_of(body(loop(["A", "B"], made))), region="us-east-1")
    plain = template_of({"Resources": looped.body["Resources"]})

    assert graph(looped).blocked() == graph(plain).blocked()
    assert set(graph(looped).blocked()) == {"TopicA", "QueueA", "TopicB", "QueueB"}


def test_what_loops_make_is_never_left_out_silently() -> None:
    with pytest.raises(UnsupportedError) as raised:
        graph(template_of(body(loop(["A"], {"T${X}": TOPIC})), source="t.json"))

    assert str(raised.value) == "t.json: the template has loops: write them out with `expanded` first"


def test_a_template_without_transforms_is_its_own_expansion() -> None:
    template = template_of({"Resources": {"A": TOPIC}})

    assert expanded(template, region="us-east-1") is template


TWICE = "Fn::ForEach makes TA more than once"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"TA": TOPIC, **loop(["A"], {"T${X}": TOPIC})}, TWICE),
        (loop(["A", "A"], {"T${X}": TOPIC}), TWICE),
        (
            loop(["a-b"], {"T${X}": TOPIC}),
            "Fn::ForEach makes the name 'Ta-b'; a name has letters and digits only",
        ),
        (loop("A", {"T${X}": TOPIC}), "Fn::ForEach takes a list of texts, not 'A'"),
        (loop([["A"]], {"T${X}": TOPIC}), "Fn::ForEach takes a list of texts, not a list of others"),
        ({"Fn::ForEach::L": ["X", ["A"]]}, "Fn::ForEach takes an identifier, a collection and an object"),
        (loop(["A"], [], "X"), "Fn::ForEach takes an identifier, a collection and an object"),
        (loop(["A"], {}, {"Ref": "X"}), "The identifier of Fn::ForEach, an object, is no text"),
        (
            loop(["A"], {"Fn::ForEach::In": ["X", ["B"], {"${X}": TOPIC}]}),
            "The identifier of Fn::ForEach, 'X', is that of a loop around it",
        ),
        (
            loop({"Fn::GetAtt": ["T", "Arns"]}, {"T${X}": TOPIC}),
            "Fn::ForEach iterates over parameters and mappings, not over what is made later",
        ),
        (
            loop({"Fn::FindInMap": ["Regions", "mars", "Zones"]}, {"T${X}": TOPIC}),
            "Template error: Unable to get mapping for Regions::mars::Zones",
        ),
    ],
    ids=[
        "beside a resource",
        "same value",
        "no name",
        "text",
        "lists",
        "two",
        "no object",
        "identifier",
        "shadowing",
        "resource",
        "mapping",
    ],
)
def test_what_cannot_be_written_out_is_refused(written: Any, message: str) -> None:
    assert refusal(written) == message


@pytest.mark.parametrize(("levels", "is_refused"), [(5, False), (6, True)])
def test_loops_are_nested_five_levels_deep_at_most(levels: int, *, is_refused: bool) -> None:
    made: Any = {"".join(f"${{X{level}}}" for level in range(levels)): TOPIC}
    for level in range(levels):
        made = {f"Fn::ForEach::L{level}": [f"X{level}", ["a", "b"], made]}

    if is_refused:
        assert refusal(made) == "Fn::ForEach is nested more than 5 levels deep"
    else:
        assert len(resources(made)) == 2**levels


@pytest.mark.parametrize("made", [{}, {"${A}x${B}x${C}x${D}x${E}": TOPIC}], ids=["nothing", "names"])
def test_loops_that_unfold_beyond_measure_are_refused(made: Any) -> None:
    for name in "ABCDE":
        made = {f"Fn::ForEach::{name}": [name, [str(number) for number in range(500)], made]}

    expected = "The loops of Resources unfold into more than CloudFormation takes, a template of 1 MB"
    assert refusal(made) == expected


def test_loops_within_an_entry_may_unfold_beyond_measure_too() -> None:
    topic = named({"Fn::ForEach::P": ["X", ["x" * 3000], {"${X}": "${X}" * 1000}]})

    expected = "The loops of Resources unfold into more than CloudFormation takes, a template of 1 MB"
    assert refusal({"A": topic}) == expected


def test_an_error_stands_at_the_loop() -> None:
    text = '{"Transform": "AWS::LanguageExtensions", "Resources": {\n  "Fn::ForEach::L": ["X",\n  "A", {}]}}'

    with pytest.raises(EvaluationError) as raised:
        evaluate(parse_template(text, source="t.json"), region="us-east-1")

    assert str(raised.value) == "t.json:3:3: Fn::ForEach takes a list of texts, not 'A'"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (
            loop({"Ref": "Stored"}, {"T${X}": TOPIC}),
            (
                "no support for Resources/Fn::ForEach::Loop/1: "
                "its collection is not known here: ${resolve:ssm:/names}"
            ),
        ),
        (
            loop([{"A": 1}, ["A", "B"]], {"T${X}": TOPIC}, ["X", "Y"]),
            "no support for Resources/Fn::ForEach::Loop: several identifiers in one loop are not modelled",
        ),
        (
            {"A": {**TOPIC, "Condition": {"Ref": "Stored"}}},
            "no support for Resources/A/Condition: its condition is not known here: ${resolve:ssm:/names}",
        ),
    ],
    ids=["Systems Manager", "several identifiers", "condition"],
)
def test_what_only_aws_knows_is_refused_by_name(written: Any, message: str) -> None:
    stored = {"Type": "AWS::SSM::Parameter::Value<List<String>>", "Default": "/names"}

    assert refusal(written, Parameters={"Stored": stored}) == message


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ({"Fn::Length": ["a"]}, "Fn::Length"),
        ({"Fn::ToJsonString": {}}, "Fn::ToJsonString"),
        ({"Fn::FindInMap": ["Sizes", {"Fn::Sub": "Ada"}, "Size"]}, "Fn::Sub in Fn::FindInMap"),
        ({"Fn::ForEach::P": ["X", ["A"], {"${X}": 1}]}, "Fn::ForEach"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_extensions_need_their_transform(value: Any, what: str) -> None:
    with pytest.raises(EvaluationError) as raised:
        evaluate(template_of({"Mappings": MAPPINGS, "Resources": {"A": named(value)}}), region="us-east-1")

    expected = f"{what} needs the transform AWS::LanguageExtensions, which the template does not declare"
    assert raised.value.message.startswith(expected)


def test_default_of_a_mapping_needs_no_transform() -> None:
    value = {"Fn::FindInMap": ["Sizes", "Ada", "Colour", {"DefaultValue": "red"}]}
    template = template_of({"Mappings": MAPPINGS, "Resources": {"A": named(value)}})

    assert evaluate(template, region="us-east-1").resources["A"].properties == {"TopicName": "red"}


def test_functions_in_policies_and_loops_of_resources_need_it_too() -> None:
    messages = []
    for written in ({"A": {**TOPIC, "DeletionPolicy": {"Ref": "Names"}}}, loop(["A"], {"T${X}": TOPIC})):
        with pytest.raises(TemplateError) as raised:
            evaluate(template_of({"Parameters": NAMES, "Resources": written}), region="us-east-1")
        messages.append(raised.value.message)

    rest = "needs the transform AWS::LanguageExtensions, which the template does not declare"
    assert messages == [
        f"A function in DeletionPolicy {rest} (at Resources/A/DeletionPolicy)",
        f"Fn::ForEach {rest}",
    ]
