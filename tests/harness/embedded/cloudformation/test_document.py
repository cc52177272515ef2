"""Template texts that are refused before anything grows, and those that only look dangerous."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from .templates import template, topic

if TYPE_CHECKING:
    from .conftest import Aws

BOMB = "\n".join(
    [
        "Metadata:",
        "  a0: &a0 [x, x, x, x, x, x, x, x, x]",
        *(f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 5)),
        "Resources: {Topic: {Type: AWS::SNS::Topic}}",
    ]
)
"""59,049 values: were they unfolded, the test would be red within seconds, and not hang."""
ALIASES = "Template error: YAML aliases are not allowed in CloudFormation templates"


@pytest.mark.parametrize(
    ("operation", "others"),
    [
        ("validate_template", {}),
        ("get_template_summary", {}),
        ("create_stack", {"StackName": "demo"}),
        ("create_change_set", {"StackName": "demo", "ChangeSetName": "first", "ChangeSetType": "CREATE"}),
    ],
    ids=["ValidateTemplate", "GetTemplateSummary", "CreateStack", "CreateChangeSet"],
)
def test_a_bomb_of_yaml_aliases_is_refused_before_it_unfolds(
    aws: Aws, operation: str, others: dict[str, str]
) -> None:
    with pytest.raises(ClientError) as raised:
        getattr(aws.client("cloudformation"), operation)(TemplateBody=BOMB, **others)

    assert raised.value.response["Error"] == {
        "Code": "ValidationError",
        "Message": ALIASES,
        "Type": "Sender",
    }


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("a: &a [*a]", ALIASES),
        ("Description: a\x1bb", "Template contains invalid characters"),
        ("Description: a\x00b", "Template contains invalid characters"),
        ('{"Description": "\\ud800"}', "Template contains invalid characters"),
        ('{"\\udfff": 1}', "Template contains invalid characters"),
        ("a: !!int x", "Template format error: YAML not well-formed. (line 1, column 11)"),
        ("a: !!python/object:os.system x", "Template format error: YAML not well-formed. (line 1, column 4)"),
        ("? [a]\n: b", "Template format error: YAML not well-formed. (line 1, column 3)"),
        ("a: 1\n---\nb: 2", "Template format error: YAML not well-formed. (line 2, column 1)"),
        ("a: 0x_", "Template format error: YAML not well-formed. (line 1, column 7)"),
        ("[" * 20_000, "Template format error: the template is nested too deeply."),
        ('{"a":' + "[" * 20_000, "Template format error: the template is nested too deeply."),
    ],
    ids=[
        "ring of aliases",
        "ESC",
        "NUL",
        "lone surrogate",
        "lone surrogate in a key",
        "no number",
        "tag of Python",
        "key that is a list",
        "two documents",
        "digits missing",
        "deep YAML",
        "deep JSON",
    ],
)
def test_a_template_that_cannot_be_read_is_the_callers_error(aws: Aws, body: str, message: str) -> None:
    with pytest.raises(ClientError) as raised:
        aws.client("cloudformation").validate_template(TemplateBody=body)

    error = raised.value.response["Error"]
    assert (error["Code"], error["Message"]) == ("ValidationError", message)


def test_a_stack_with_escaped_control_characters_is_described_and_destroyed(aws: Aws) -> None:
    body = template({"Topic": topic()})
    body["Description"] = "one\u001btwo"
    body["Outputs"] = {"Told": {"Value": "red \u001b[31m\u0000\uffff", "Description": "\u0007"}}

    stack = aws.create(json.dumps(body), Tags=[{"Key": "tag", "Value": "a\u0001b"}])

    cloudformation = aws.client("cloudformation")
    assert (stack["Description"], stack["Outputs"], stack["Tags"]) == (
        "one?two",
        [{"OutputKey": "Told", "OutputValue": "red ?[31m?\ufffd", "Description": "?"}],
        [{"Key": "tag", "Value": "a?b"}],
    )
    cloudformation.delete_stack(StackName="demo")
    assert cloudformation.list_stacks()["StackSummaries"][0]["StackStatus"] == "DELETE_COMPLETE"
