"""AWS::SSM::Parameter, `{{resolve:ssm:…}}` and parameters of SSM's types in templates."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.harness.embedded.iam.refusals import refusal
from tests.harness.embedded.iam.serving import statement

if TYPE_CHECKING:
    from tests.harness.embedded.iam.serving import Served

ARN = "arn:aws:ssm:us-east-1:123456789012:parameter"
URL: dict[str, Any] = {
    "Type": "AWS::SSM::Parameter",
    "Properties": {"Name": "/app/url", "Type": "String", "Value": "a"},
}


def copied(value: object, **others: Any) -> dict[str, Any]:
    """Return a parameter that has a value of the template."""
    return {
        "Type": "AWS::SSM::Parameter",
        "Properties": {"Name": "/app/copy", "Type": "String", "Value": value, **others},
    }


def put(account: Served, name: str = "/shared/url", value: str = "first", **others: Any) -> None:
    account.client("ssm").put_parameter(**{"Name": name, "Value": value, "Type": "String", **others})


def create(account: Served, *resources: dict[str, Any], client: Any = None, **sections: Any) -> Any:
    body = {**sections, "Resources": {f"R{index}": each for index, each in enumerate(resources)}}
    cloudformation = client or account.client("cloudformation")
    cloudformation.create_stack(StackName="demo", TemplateBody=json.dumps(body))
    return stack_of(account)


def update(account: Served, *resources: dict[str, Any], **sections: Any) -> Any:
    body = {**sections, "Resources": {f"R{index}": each for index, each in enumerate(resources)}}
    account.client("cloudformation").update_stack(StackName="demo", TemplateBody=json.dumps(body))
    return stack_of(account)


def stack_of(account: Served) -> Any:
    return account.client("cloudformation").describe_stacks(StackName="demo")["Stacks"][0]


def reasons(account: Served) -> list[str]:
    events = account.client("cloudformation").describe_stack_events(StackName="demo")["StackEvents"]
    return [each["ResourceStatusReason"] for each in events if each["ResourceStatus"] == "CREATE_FAILED"]


def value(account: Served, name: str = "/app/copy") -> str:
    return str(account.client("ssm").get_parameter(Name=name)["Parameter"]["Value"])


def test_a_parameter_of_a_stack_has_its_reference_and_attributes(account: Served) -> None:
    outputs = {name: {"Value": {"Fn::GetAtt": ["R0", name]}} for name in ("Arn", "Type", "Value")}

    stack = create(account, URL, Outputs={**outputs, "Ref": {"Value": {"Ref": "R0"}}})

    assert {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]} == {
        "Arn": f"{ARN}/app/url",
        "Type": "String",
        "Value": "a",
        "Ref": "/app/url",
    }


def test_a_parameter_is_changed_in_place_replaced_by_its_name_and_deleted(account: Served) -> None:
    tagged = {**URL, "Properties": {**URL["Properties"], "Tags": {"team": "blue", "old": "x"}}}
    create(account, tagged)
    about = {"ResourceType": "Parameter", "ResourceId": "/app/url"}
    client = account.client("ssm")

    update(account, {**URL, "Properties": {**URL["Properties"], "Value": "b", "Tags": {"team": "red"}}})
    changed = client.get_parameter(Name="/app/url")["Parameter"]
    tags = client.list_tags_for_resource(**about)["TagList"]
    update(account, {**URL, "Properties": {**URL["Properties"], "Name": "/app/moved"}})
    moved = [each["Name"] for each in client.describe_parameters()["Parameters"]]
    account.client("cloudformation").delete_stack(StackName="demo")

    assert (changed["Value"], changed["Version"]) == ("b", 2)
    assert tags == [{"Key": "team", "Value": "red"}]
    assert moved == ["/app/moved"]
    assert client.describe_parameters()["Parameters"] == []


def test_a_change_of_tags_alone_makes_no_version(account: Served) -> None:
    create(account, URL)

    update(account, {**URL, "Properties": {**URL["Properties"], "Tags": {"team": "blue"}}})

    assert account.client("ssm").get_parameter(Name="/app/url")["Parameter"]["Version"] == 1


def test_a_parameter_without_a_name_gets_aws_s_own_and_the_stack_s_tags(account: Served) -> None:
    unnamed = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "a"}}
    account.client("cloudformation").create_stack(
        StackName="demo",
        TemplateBody=json.dumps({"Resources": {"MyResource": unnamed}}),
        Tags=[{"Key": "team", "Value": "blue"}],
    )

    (response,) = account.client("ssm").describe_parameters()["Parameters"]

    tags = account.client("ssm").list_tags_for_resource(ResourceType="Parameter", ResourceId=response["Name"])
    prefix, logical_id, suffix = response["Name"].split("-")
    assert (prefix, logical_id, len(suffix)) == ("CFN", "MyResource", 12)
    assert tags["TagList"] == [{"Key": "team", "Value": "blue"}]


def test_a_parameter_that_somebody_else_has_fails_and_stays(account: Served) -> None:
    put(account, "/app/url", "theirs")

    stack = create(account, URL)

    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert ["The parameter already exists." in reason for reason in reasons(account)] == [True]
    assert value(account, "/app/url") == "theirs"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"Type": "SecureString"}, "SecureString is not a valid enum value"),
        ({"Value": "x" * 4_097}, "Standard tier parameters support a maximum parameter value of 4096"),
        ({"Tags": [{"Key": "team", "Value": "blue"}]}, "expected type: JSONObject, found: JSONArray"),
    ],
    ids=["type", "size", "tags"],
)
def test_a_parameter_that_aws_does_not_take_fails_the_resource(
    account: Served, change: dict[str, Any], words: str
) -> None:
    create(account, {**URL, "Properties": {**URL["Properties"], **change}})

    assert [words in reason for reason in reasons(account)] == [True], reasons(account)


def test_a_parameter_that_is_not_modelled_is_refused_before_anything_is_made(account: Served) -> None:
    with pytest.raises(ClientError) as raised:
        create(account, {**URL, "Properties": {**URL["Properties"], "Policies": "[]"}})

    assert raised.value.response["Error"]["Message"] == (
        "no support for Policies of ssm:PutParameter as requested "
        "(policies: no parameter expires or reports its age) at `Resources/R0` in the embedded AWS"
    )
    assert account.client("cloudformation").list_stacks()["StackSummaries"] == []


def test_a_resource_is_made_with_the_rights_of_the_caller(account: Served) -> None:
    deployer = account.session(
        "deployer", statement("cloudformation:*"), statement("ssm:PutParameter", f"{ARN}/app/url")
    )

    create(account, URL, client=account.client("cloudformation", deployer))

    assert ["ssm:GetParameters on resource: " in reason for reason in reasons(account)] == [True]
    assert account.client("ssm").describe_parameters()["Parameters"] == []


def test_a_dynamic_reference_is_its_value_wherever_it_stands(account: Served) -> None:
    put(account)
    put(account, value="second", Overwrite=True)
    text = {"Fn::Sub": ["{{resolve:ssm:/${Place}/url}}, {{resolve:ssm:/shared/url:1}}", {"Place": "shared"}]}

    create(account, copied(text))

    assert value(account) == "second, first"


def test_a_reference_may_name_what_the_stack_itself_makes(account: Served) -> None:
    create(account, URL, copied({"Fn::Sub": "{{resolve:ssm:${R0}}}"}))

    assert value(account) == "a"


def test_a_reference_is_read_again_only_for_a_resource_that_changes(account: Served) -> None:
    put(account)
    create(account, copied("{{resolve:ssm:/shared/url}}"))
    put(account, value="second", Overwrite=True)

    unchanged = refusal(lambda: update(account, copied("{{resolve:ssm:/shared/url}}")))
    kept = value(account)
    update(account, copied("{{resolve:ssm:/shared/url}}", Description="now"))

    assert unchanged == (400, "ValidationError", "No updates are to be performed.")
    assert (kept, value(account)) == ("first", "second")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{resolve:ssm:/none}}", "Parameters: [ssm:/none] cannot be found."),
        ("{{resolve:ssm:/shared/url:2}}", "Parameters: [ssm:/shared/url:2] cannot be found."),
        (
            "{{resolve:ssm:/shared/key}}",
            "Parameters [/shared/key] referenced by template have types not supported by CloudFormation.",
        ),
    ],
)
def test_a_reference_to_no_readable_value_is_refused_before_anything_is_made(
    account: Served, text: str, words: str
) -> None:
    put(account)
    put(account, "/shared/key", Type="SecureString")

    assert refusal(lambda: create(account, copied(text))) == (400, "ValidationError", words)


def test_a_reference_that_only_a_function_completes_fails_its_resource(account: Served) -> None:
    create(account, copied({"Fn::Sub": "{{resolve:ssm:/${AWS::StackName}/none}}"}))

    assert reasons(account) == ["Parameters: [ssm:/demo/none] cannot be found."]


def test_a_reference_is_read_with_the_rights_of_the_caller(account: Served) -> None:
    put(account)
    deployer = account.session("deployer", statement("cloudformation:*"))

    reported = refusal(
        lambda: create(
            account,
            copied("{{resolve:ssm:/shared/url}}"),
            client=account.client("cloudformation", deployer),
        )
    )

    assert reported[:2] == (400, "ValidationError")
    assert f"is not authorized to perform: ssm:GetParameters on resource: {ARN}/shared/url" in reported[2]


@pytest.mark.parametrize(
    ("kind", "reference", "copy"),
    [
        ("AWS::SSM::Parameter::Value<String>", {"Ref": "P"}, "a,b"),
        ("AWS::SSM::Parameter::Value<List<String>>", {"Fn::Select": ["1", {"Ref": "P"}]}, "b"),
        ("AWS::SSM::Parameter::Value<CommaDelimitedList>", {"Fn::Join": ["-", {"Ref": "P"}]}, "a-b"),
        ("AWS::SSM::Parameter::Name", {"Ref": "P"}, "/shared/list"),
    ],
)
def test_a_template_parameter_stands_for_what_its_value_names(
    account: Served, kind: str, reference: object, copy: str
) -> None:
    put(account, "/shared/list", "a,b", Type="StringList")

    stack = create(account, copied(reference), Parameters={"P": {"Type": kind, "Default": "/shared/list"}})

    (reported,) = stack["Parameters"]
    assert (reported["ParameterValue"], value(account)) == ("/shared/list", copy)
    assert reported["ResolvedValue"] == ("/shared/list" if kind.endswith("Name") else "a,b")


def test_a_condition_compares_what_a_template_parameter_stands_for(account: Served) -> None:
    put(account)
    when = {**copied("only then"), "Condition": "IsFirst"}

    create(
        account,
        URL,
        when,
        Parameters={"P": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/shared/url"}},
        Conditions={"IsFirst": {"Fn::Equals": [{"Ref": "P"}, "first"]}},
    )

    assert value(account) == "only then"


def test_an_update_reads_template_parameters_again(account: Served) -> None:
    put(account)
    parameters = {"P": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/shared/url"}}
    create(account, copied({"Ref": "P"}), Parameters=parameters)
    put(account, value="second", Overwrite=True)

    update(account, copied({"Ref": "P"}), Parameters=parameters)

    assert value(account) == "second"


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        (
            "AWS::SSM::Parameter::Value<String>",
            "/none",
            "Unable to fetch parameters [/none] from parameter store for this account.",
        ),
        (
            "AWS::SSM::Parameter::Value<String>",
            "/shared/key",
            "Parameters [/shared/key] referenced by template have types not supported by CloudFormation.",
        ),
        (
            "AWS::SSM::Parameter::Name",
            "/none",
            "Unable to fetch parameters [/none] from parameter store for this account.",
        ),
    ],
)
def test_a_template_parameter_that_names_nothing_readable_is_refused(
    account: Served, kind: str, name: str, words: str
) -> None:
    put(account, "/shared/key", Type="SecureString")

    reported = refusal(lambda: create(account, URL, Parameters={"P": {"Type": kind, "Default": name}}))

    assert reported == (400, "ValidationError", words)


def test_a_secret_template_parameter_shows_neither_name_nor_value(account: Served) -> None:
    put(account)
    kind = {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/shared/url", "NoEcho": True}

    stack = create(account, copied({"Ref": "P"}), Parameters={"P": kind})

    assert stack["Parameters"] == [{"ParameterKey": "P", "ParameterValue": "****", "ResolvedValue": "****"}]
