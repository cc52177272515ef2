"""Parameter Store as AWS has it: versions, paths, tiers, limits, and what is refused in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.embedded.iam.refusals import refusal

if TYPE_CHECKING:
    from tests.harness.embedded.iam.serving import Served

ARN = "arn:aws:ssm:us-east-1:123456789012:parameter"
ADMINISTRATOR = "arn:aws:iam::123456789012:user/administrator"
LONG = "/deep" * 16


def put(account: Served, name: str = "/app/url", value: str = "a", **others: Any) -> Any:
    answer = account.client("ssm").put_parameter(**{"Name": name, "Value": value, "Type": "String", **others})
    return answer["Version"], answer["Tier"]


def values(account: Served, *names: str, region: str = "us-east-1") -> tuple[dict[str, str], list[str]]:
    response = account.client("ssm", region=region).get_parameters(Names=list(names))
    return {each["Name"]: each["Value"] for each in response["Parameters"]}, response["InvalidParameters"]


def test_a_parameter_is_read_as_it_was_put(account: Served) -> None:
    made = put(account)

    response = account.client("ssm").get_parameter(Name="/app/url")["Parameter"]

    del response["LastModifiedDate"]
    assert made == (1, "Standard")
    assert response == {
        "Name": "/app/url",
        "Type": "String",
        "Value": "a",
        "Version": 1,
        "ARN": f"{ARN}/app/url",
        "DataType": "text",
    }


@pytest.mark.parametrize("name", ["url", "/url"])
def test_a_name_of_one_level_is_the_same_with_and_without_its_slash(account: Served, name: str) -> None:
    put(account, name)

    client = account.client("ssm")
    read = [client.get_parameter(Name=each)["Parameter"] for each in ("url", "/url", f"{ARN}/url")]
    assert [(each["Name"], each["ARN"]) for each in read] == [(name, f"{ARN}/url")] * 3


def test_each_overwrite_is_a_version_that_stays_readable(account: Served) -> None:
    put(account, Description="where", AllowedPattern="[a-z]+")
    assert put(account, value="b", Overwrite=True) == (2, "Standard")

    client = account.client("ssm")
    response = {
        name: (
            client.get_parameter(Name=name)["Parameter"]["Value"],
            client.get_parameter(Name=name)["Parameter"].get("Selector"),
        )
        for name in ("/app/url", "/app/url:1", f"{ARN}/app/url:2")
    }
    (described,) = client.describe_parameters()["Parameters"]
    assert response == {"/app/url": ("b", None), "/app/url:1": ("a", ":1"), f"{ARN}/app/url:2": ("b", ":2")}
    assert (described["Description"], described["AllowedPattern"]) == ("where", "[a-z]+")


def test_the_hundred_and_first_version_pushes_the_oldest_out(account: Served) -> None:
    client = account.client("ssm")
    for _ in range(101):
        put(account, Overwrite=True)

    assert client.get_parameter(Name="/app/url:2")["Parameter"]["Version"] == 2
    assert refusal(lambda: client.get_parameter(Name="/app/url:1")) == (
        400,
        "ParameterVersionNotFound",
        "Systems Manager could not find version 1 of /app/url. Verify the version and try again.",
    )


def test_regions_have_parameters_of_their_own(account: Served) -> None:
    put(account)

    assert values(account, "/app/url", region="us-west-2") == ({}, ["/app/url"])


def test_several_are_read_and_deleted_at_once(account: Served) -> None:
    put(account)
    put(account, "list", "a,b", Type="StringList")
    client = account.client("ssm")

    read = values(account, "/app/url", "none", "list")
    response = client.delete_parameters(Names=["none", "list"])

    assert read == ({"/app/url": "a", "list": "a,b"}, ["none"])
    assert (response["DeletedParameters"], response["InvalidParameters"]) == (["list"], ["none"])
    assert values(account, "/app/url", "list") == ({"/app/url": "a"}, ["list"])


def test_a_deleted_parameter_begins_at_its_first_version_again(account: Served) -> None:
    put(account)
    put(account, Overwrite=True)
    client = account.client("ssm")
    client.delete_parameter(Name="/app/url")

    assert refusal(lambda: client.get_parameter(Name="/app/url"))[:2] == (400, "ParameterNotFound")
    assert refusal(lambda: client.delete_parameter(Name="/app/url"))[:2] == (400, "ParameterNotFound")
    assert put(account) == (1, "Standard")


@pytest.mark.parametrize(
    ("path", "recursive", "names"),
    [
        ("/app", False, ["/app/a", "/app/b"]),
        ("/app/", True, ["/app/a", "/app/b", "/app/b/c"]),
        ("/", False, ["top"]),
        ("/", True, ["/app/a", "/app/b", "/app/b/c", "/apple/d", "top"]),
        ("/none", True, []),
    ],
)
def test_parameters_are_read_by_their_path(
    account: Served, path: str, names: list[str], *, recursive: bool
) -> None:
    for name in ("/app/b/c", "/app/b", "top", "/apple/d", "/app/a"):
        put(account, name)

    response = account.client("ssm").get_parameters_by_path(Path=path, Recursive=recursive)

    assert [each["Name"] for each in response["Parameters"]] == names


def test_pages_follow_one_another_by_their_tokens(account: Served) -> None:
    names = [f"/app/{number:02}" for number in range(23)]
    for name in reversed(names):
        put(account, name)

    pages = list(account.client("ssm").get_paginator("get_parameters_by_path").paginate(Path="/app"))
    described = account.client("ssm").get_paginator("describe_parameters").paginate(MaxResults=20)

    assert [[each["Name"] for each in page["Parameters"]] for page in pages] == [
        names[:10],
        names[10:20],
        names[20:],
    ]
    assert [len(page["Parameters"]) for page in described] == [20, 3]


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"Key": "Name", "Values": ["/app/url"]}, ["/app/url"]),
        ({"Key": "Name", "Option": "BeginsWith", "Values": ["/app/"]}, ["/app/url", "/app/web/list"]),
        ({"Key": "Name", "Option": "Contains", "Values": ["web"]}, ["/app/web/list"]),
        ({"Key": "Path", "Values": ["/app"]}, ["/app/url"]),
        ({"Key": "Path", "Option": "Recursive", "Values": ["/app"]}, ["/app/url", "/app/web/list"]),
        ({"Key": "Type", "Values": ["StringList", "SecureString"]}, ["/app/web/list", "key"]),
        ({"Key": "KeyId", "Values": ["alias/aws/ssm"]}, ["key"]),
        ({"Key": "Tier", "Values": ["Advanced"]}, ["key"]),
        ({"Key": "tag:team", "Values": ["blue", "red"]}, ["/app/url"]),
        ({"Key": "tag:team"}, ["/app/url"]),
        ({"Key": "tag:team", "Values": ["green"]}, []),
    ],
)
def test_descriptions_are_filtered(account: Served, given: dict[str, Any], names: list[str]) -> None:
    put(account, Tags=[{"Key": "team", "Value": "blue"}])
    put(account, "/app/web/list", Type="StringList")
    put(account, "key", Type="SecureString", Tier="Advanced")

    response = account.client("ssm").describe_parameters(ParameterFilters=[given])["Parameters"]

    assert [each["Name"] for each in response] == names


def test_a_description_says_who_changed_what_and_when(account: Served) -> None:
    put(account, Description="where")

    (response,) = account.client("ssm").describe_parameters()["Parameters"]

    del response["LastModifiedDate"]
    assert response == {
        "Name": "/app/url",
        "ARN": f"{ARN}/app/url",
        "Type": "String",
        "LastModifiedUser": ADMINISTRATOR,
        "Description": "where",
        "Version": 1,
        "Tier": "Standard",
        "Policies": [],
        "DataType": "text",
    }


def test_tags_are_put_and_taken(account: Served) -> None:
    put(account, Tags=[{"Key": "team", "Value": "blue"}, {"Key": "old", "Value": "x"}])
    about = {"ResourceType": "Parameter", "ResourceId": "/app/url"}
    client = account.client("ssm")

    client.add_tags_to_resource(**about, Tags=[{"Key": "team", "Value": "red"}])
    client.remove_tags_from_resource(**about, TagKeys=["old"])

    assert client.list_tags_for_resource(**about)["TagList"] == [{"Key": "team", "Value": "red"}]


@pytest.mark.parametrize(
    ("tier", "size", "message"),
    [
        ("Standard", 4_096, "Standard"),
        ("Advanced", 1, "Advanced"),
        ("Intelligent-Tiering", 4_096, "Standard"),
        ("Intelligent-Tiering", 4_097, "Advanced"),
    ],
)
def test_a_value_has_the_tier_that_it_needs(account: Served, tier: str, size: int, message: str) -> None:
    assert put(account, value="x" * size, Tier=tier) == (1, message)


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        (
            {},
            "ParameterAlreadyExists",
            (
                "The parameter already exists. To overwrite this value, set the overwrite option in the "
                "request to true."
            ),
        ),
        (
            {"Overwrite": True, "Type": "StringList"},
            "HierarchyTypeMismatchException",
            "Parameter Store does not support changing a parameter type in a hierarchy.",
        ),
        (
            {"Overwrite": True, "Tags": [{"Key": "a", "Value": "b"}]},
            "ValidationException",
            "Invalid request: tags and overwrite can't be used together.",
        ),
        ({"Name": "a", "Value": ""}, "ValidationException", "Value '' at 'value' failed to satisfy"),
        ({"Name": "a", "Value": "x" * 4_097}, "ValidationException", "value of 4096 characters."),
        (
            {"Name": "a", "Value": "x" * 8_193, "Tier": "Advanced"},
            "ValidationException",
            "Advanced tier parameters support a maximum parameter value of 8192 characters.",
        ),
        ({"Name": "app/url"}, "ValidationException", "Parameter name must be a fully qualified name"),
        ({"Name": "ssm-url"}, "ValidationException", 'can\'t be prefixed with "aws" or "ssm"'),
        ({"Name": "/SSM/url"}, "ValidationException", 'can\'t be prefixed with "ssm"'),
        ({"Name": "/aws/url"}, "AccessDeniedException", "No access to reserved parameter name: /aws/url."),
        ({"Name": "/app/a b"}, "ValidationException", "the following 3 symbols .-_"),
        ({"Name": "/app//b"}, "ValidationException", "the following 3 symbols .-_"),
        ({"Name": "/app/"}, "ValidationException", "the following 3 symbols .-_"),
        (
            {"Name": LONG},
            "HierarchyLevelLimitExceededException",
            "A hierarchy can have a maximum of 15 levels.",
        ),
        ({"Name": "x" * 2_049}, "ValidationException", "have length less than or equal to 2048"),
        ({"Name": "x" * 1_000}, "ValidationException", "longer than 1011 characters"),
        ({"Name": "a", "Type": "Text"}, "ValidationException", "[SecureString, StringList, String]"),
        (
            {"Name": "a", "Tier": "Free"},
            "ValidationException",
            "[Standard, Advanced, Intelligent-Tiering]",
        ),
        ({"Name": "a", "KeyId": "alias/aws/ssm"}, "ValidationException", "KeyId is for parameters of type"),
        (
            {"Name": "a", "AllowedPattern": r"\d+"},
            "ParameterPatternMismatchException",
            "Parameter value, cannot be validated against allowedPattern: \\d+",
        ),
        (
            {"Name": "a", "AllowedPattern": "["},
            "InvalidAllowedPatternException",
            "The request doesn't meet the regular expression requirement.",
        ),
        (
            {"Name": "a", "DataType": "Text"},
            "ValidationException",
            "The following data type is not supported: Text",
        ),
        (
            {"Name": "a", "Tags": [{"Key": str(number), "Value": "x"} for number in range(51)]},
            "TooManyTagsError",
            "exceeds the limit of 50.",
        ),
    ],
)
def test_what_aws_does_not_take_is_refused_and_nothing_is_kept(
    account: Served, given: dict[str, Any], code: str, words: str
) -> None:
    put(account)

    reported = refusal(lambda: put(account, **{"Name": "/app/url", "Value": "b", **given}))

    assert (reported[:2], words in reported[2]) == ((400, code), True), reported
    assert [
        (each["Name"], each["Version"]) for each in account.client("ssm").describe_parameters()["Parameters"]
    ] == [("/app/url", 1)]


def test_a_new_parameter_needs_a_type(account: Served) -> None:
    client = account.client("ssm")

    assert refusal(lambda: client.put_parameter(Name="a", Value="b")) == (
        400,
        "ValidationException",
        "A parameter type is required when you create a parameter.",
    )


def test_a_parameter_does_not_come_back_from_the_advanced_tier(account: Served) -> None:
    put(account, Tier="Advanced")

    reported = refusal(lambda: put(account, Tier="Standard", Overwrite=True))
    kept = put(account, Tier="Intelligent-Tiering", Overwrite=True)

    assert (reported[1], "You can't downgrade a parameter" in reported[2]) == ("ValidationException", True)
    assert kept == (2, "Advanced")


@pytest.mark.parametrize(
    ("operation", "given", "code"),
    [
        ("get_parameter", {"Name": f"{ARN.replace('east-1', 'west-2')}/app/url"}, "ParameterNotFound"),
        ("get_parameter", {"Name": "a:b:c"}, "ValidationException"),
        ("get_parameters", {"Names": [str(number) for number in range(11)]}, "ValidationException"),
        ("get_parameters_by_path", {"Path": "app"}, "ValidationException"),
        ("get_parameters_by_path", {"Path": "/app", "MaxResults": 11}, "ValidationException"),
        ("get_parameters_by_path", {"Path": "/app", "NextToken": "%"}, "InvalidNextToken"),
        ("describe_parameters", {"MaxResults": 51}, "ValidationException"),
        (
            "describe_parameters",
            {"ParameterFilters": [{"Key": "Label", "Values": ["a"]}]},
            "InvalidFilterKey",
        ),
        (
            "describe_parameters",
            {"ParameterFilters": [{"Key": "Name", "Values": ["a"]}] * 2},
            "InvalidFilterKey",
        ),
        ("describe_parameters", {"ParameterFilters": [{"Key": "Name"}]}, "InvalidFilterValue"),
        (
            "describe_parameters",
            {"ParameterFilters": [{"Key": "Tier", "Option": "Contains", "Values": ["a"]}]},
            "InvalidFilterOption",
        ),
        (
            "list_tags_for_resource",
            {"ResourceType": "Parameter", "ResourceId": "none"},
            "InvalidResourceId",
        ),
    ],
)
def test_a_question_that_aws_refuses_is_refused(
    account: Served, operation: str, given: dict[str, Any], code: str
) -> None:
    put(account)

    assert refusal(lambda: getattr(account.client("ssm"), operation)(**given))[:2] == (400, code)


@pytest.mark.parametrize(
    ("operation", "given", "words"),
    [
        (
            "get_parameter",
            {"Name": "/app/url:current"},
            "Name of ssm:GetParameter as requested (labels of versions; use their numbers)",
        ),
        (
            "get_parameters",
            {"Names": ["/app/url", "/aws/service/global-infrastructure/current-region"]},
            "Names of ssm:GetParameters as requested (the public parameters of AWS)",
        ),
        (
            "get_parameter_history",
            {"Name": "/app/url"},
            "ssm:GetParameterHistory (history and labels of versions)",
        ),
        (
            "label_parameter_version",
            {"Name": "/app/url", "Labels": ["current"]},
            "ssm:LabelParameterVersion (history and labels of versions)",
        ),
        (
            "add_tags_to_resource",
            {"ResourceType": "Document", "ResourceId": "a", "Tags": [{"Key": "a", "Value": "b"}]},
            "ResourceType of ssm:AddTagsToResource as requested (only parameters are modelled)",
        ),
        ("send_command", {"DocumentName": "a"}, "ssm:SendCommand (commands and sessions)"),
    ],
)
def test_what_is_not_modelled_is_refused_by_name(
    account: Served, operation: str, given: dict[str, Any], words: str
) -> None:
    reported = refusal(lambda: getattr(account.client("ssm"), operation)(**given))

    assert reported == (501, "NotImplemented", f"the embedded AWS does not model {words}")
