"""The dependencies between resources, and CloudFormation's line about a circle of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qa.template import Reference, Template, graph, parse_template, template_of

if TYPE_CHECKING:
    from collections.abc import Callable


def resource(kind: str = "AWS::SNS::Topic", /, **properties: object) -> dict[str, Any]:
    return {"Type": kind, "Properties": properties}


def template(**resources: dict[str, Any]) -> Template:
    return template_of({"Resources": resources})


def arn(logical_id: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [logical_id, "Arn"]}


def ref(name: str) -> dict[str, Any]:
    return {"Ref": name}


def alarm(table_or_function: str) -> dict[str, Any]:
    return resource("AWS::CloudWatch::Alarm", Dimensions=[{"Name": "Name", "Value": ref(table_or_function)}])


def broken_stack(*, others: int) -> Template:
    """The failure analysis' template: its nine resources, the dependencies it lists, and others."""
    nine = {
        "PrimaryKMSKey": resource(
            "AWS::KMS::Key",
            KeyPolicy={"Statement": [{"Principal": {"AWS": arn("PrimaryLambdaExecutionRole")}}]},
        ),
        "PrimaryKMSKeyAlias": resource("AWS::KMS::Alias", TargetKeyId=ref("PrimaryKMSKey")),
        "TransactionsTable": resource(
            "AWS::DynamoDB::Table", SSESpecification={"KMSMasterKeyId": ref("PrimaryKMSKey")}
        ),
        "PrimaryLambdaExecutionRole": resource(
            "AWS::IAM::Role", Policies=[{"Resource": [arn("TransactionsTable"), arn("PrimaryKMSKey")]}]
        ),
        "PrimaryTransactionProcessor": resource(
            "AWS::Lambda::Function", Role=arn("PrimaryLambdaExecutionRole")
        ),
        "SecondaryLambdaExecutionRole": resource(
            "AWS::IAM::Role", Policies=[{"Resource": {"Fn::Sub": "${TransactionsTable.Arn}/index/*"}}]
        ),
        "LambdaErrorAlarmPrimary": alarm("PrimaryTransactionProcessor"),
        "LambdaThrottleAlarmPrimary": alarm("PrimaryTransactionProcessor"),
        "DynamoDBThrottleAlarmPrimary": alarm("TransactionsTable"),
    }
    return template(**nine, **{f"Bucket{number}": resource("AWS::S3::Bucket") for number in range(others)})


@pytest.mark.parametrize("others", [3, 8, 14], ids=["12 resources", "17 resources", "23 resources"])
def test_the_broken_template_gives_cloudformations_message_to_the_letter(others: int) -> None:
    assert graph(broken_stack(others=others)).circular_dependency_message() == (
        "Circular dependency between resources: [TransactionsTable, PrimaryKMSKeyAlias, "
        "PrimaryLambdaExecutionRole, LambdaErrorAlarmPrimary, PrimaryKMSKey, DynamoDBThrottleAlarmPrimary, "
        "LambdaThrottleAlarmPrimary, PrimaryTransactionProcessor, SecondaryLambdaExecutionRole]"
    )


def test_the_shortest_cycle_is_a_path_of_references_with_their_places() -> None:
    assert graph(broken_stack(others=3)).shortest_cycle() == (
        Reference(
            section="Resources",
            source="PrimaryKMSKey",
            target="PrimaryLambdaExecutionRole",
            kind="GetAtt",
            attribute="Arn",
            path=(
                *("Resources", "PrimaryKMSKey", "Properties"),
                *("KeyPolicy", "Statement", 0, "Principal", "AWS", "Fn::GetAtt"),
            ),
        ),
        Reference(
            section="Resources",
            source="PrimaryLambdaExecutionRole",
            target="PrimaryKMSKey",
            kind="GetAtt",
            attribute="Arn",
            path=(
                *("Resources", "PrimaryLambdaExecutionRole", "Properties"),
                *("Policies", 0, "Resource", 1, "Fn::GetAtt"),
            ),
        ),
    )


def test_upstream_resources_are_not_blocked_and_everything_downstream_is() -> None:
    found = graph(
        template(
            Upstream=resource(),
            A=resource(a=ref("B"), b=ref("Upstream")),
            B=resource(a=ref("A")),
            Downstream=resource(a=ref("A")),
            FurtherDown=resource(a=ref("Downstream")),
        )
    )

    assert frozenset(found.blocked()) == {"A", "B", "Downstream", "FurtherDown"}


def test_the_creation_order_puts_each_resource_after_what_it_needs() -> None:
    found = graph(template(Last=resource(a=ref("Middle")), Middle=resource(a=ref("First")), First=resource()))

    assert found.creation_order() == ("First", "Middle", "Last")


def test_a_template_without_a_cycle_has_no_message() -> None:
    found = graph(template(A=resource(a=ref("B")), B=resource()))

    assert (found.circular_dependency_message(), found.blocked(), found.shortest_cycle()) == (None, (), ())


def test_a_resource_that_refers_to_itself_is_a_cycle() -> None:
    found = graph(template(A=resource(a={"Fn::Sub": "${A}"})))

    assert found.circular_dependency_message() == "Circular dependency between resources: [A]"
    assert [(step.source, step.target) for step in found.shortest_cycle()] == [("A", "A")]


@pytest.mark.parametrize(
    "value",
    [
        {"Fn::Sub": "${!B}"},
        {"Fn::Sub": ["${B}", {"B": "own"}]},
        {"Fn::Sub": "$B {B} ${"},
        {"Ref": "Parameter"},
        {"Ref": "B", "Beside": "another key"},
        {"Condition": "B"},
    ],
    ids=["literal", "shadowed", "no variable", "parameter", "no function", "condition of a policy"],
)
def test_what_is_no_reference_to_a_resource_makes_no_edge(value: object) -> None:
    assert graph(template(A=resource(a=value), B=resource())).edges == {"A": {}, "B": {}}


@pytest.mark.parametrize(
    "value",
    [
        {"Ref": "B"},
        {"Fn::GetAtt": ["B", "Arn"]},
        {"Fn::GetAtt": "B.Arn"},
        {"Fn::Sub": "${B}"},
        {"Fn::Sub": "x-${B.Arn}"},
        {"Fn::Sub": ["${own}", {"own": {"Ref": "B"}}]},
        {"Fn::If": ["Never", {"Ref": "B"}, "else"]},
        {"Fn::Join": ["", ["a", {"Fn::Select": ["0", [{"Ref": "B"}]]}]]},
    ],
    ids=["Ref", "GetAtt", "dotted", "Sub", "Sub attribute", "Sub map", "branch not taken", "nested"],
)
def test_every_way_to_refer_to_a_resource_makes_an_edge(value: object) -> None:
    assert list(graph(template(A=resource(a=value), B=resource())).edges["A"]) == ["B"]


def test_metadata_and_outputs_are_not_part_of_the_graph() -> None:
    found = graph(
        template_of(
            {
                "Resources": {"A": {**resource(), "Metadata": {"x": ref("B")}}, "B": resource(a=ref("A"))},
                "Outputs": {"B": {"Value": ref("B")}},
            }
        )
    )

    assert {source: list(targets) for source, targets in found.edges.items()} == {"A": [], "B": ["A"]}


def test_depends_on_makes_an_edge_with_the_line_it_stands_in() -> None:
    others = '"A2": {"Type": "T"}, "B": {"Type": "T"}'
    found = parse_template('{"Resources": {"A": {"Type": "T",\n"DependsOn": ["B",\n"A2"]}, ' + others + "}}")

    places = [found.position(edge[0].path).line for edge in graph(found).edges["A"].values()]

    assert places == [2, 3]


def test_five_thousand_resources_in_one_ring_are_sorted_and_their_cycle_found() -> None:
    names = [f"Topic{number}" for number in range(5000)]
    ring = {name: resource(a=ref(names[index - 1])) for index, name in enumerate(names)}

    found = graph(template_of({"Resources": ring}))

    assert (len(found.blocked()), len(found.shortest_cycle())) == (5000, 5000)


def test_the_shortest_of_several_cycles_is_found() -> None:
    found = graph(
        template(
            A=resource(a=ref("B")),
            B=resource(a=ref("C")),
            C=resource(a=[ref("A"), ref("D")]),
            D=resource(a=ref("C")),
        )
    )

    assert [(step.source, step.target) for step in found.shortest_cycle()] == [("C", "D"), ("D", "C")]


@pytest.mark.parametrize(
    ("needs", "expected"),
    [
        (lambda number: number ^ 1, [("R0", "R1"), ("R1", "R0")]),
        (lambda number: number, [("R0", "R0")]),
        (lambda number: max(number, 4998) ^ 1, [("R4998", "R4999"), ("R4999", "R4998")]),
    ],
    ids=["pairs", "itself each", "all behind one pair"],
)
def test_the_shortest_cycle_of_thousands_is_found_at_once(
    needs: Callable[[int], int], expected: list[tuple[str, str]]
) -> None:
    resources = {f"R{number}": {**resource(), "DependsOn": f"R{needs(number)}"} for number in range(5000)}

    found = graph(template(**resources)).shortest_cycle()

    assert [(step.source, step.target) for step in found] == expected
