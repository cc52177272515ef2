"""AWS::Lambda::Function in a stack."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError
from moto.awslambda.models import lambda_backends

from tests.harness.embedded.one_resource import FailedError, OneResource

from .stacks import outputs, template

if TYPE_CHECKING:
    from .functions import Aws

SOURCE = "exports.handler = async () => process.env.STAGE ?? 'none';"


class Stack:
    """One stack of one inline function."""

    def __init__(self, aws: Aws) -> None:
        self.aws = aws
        self.name = f"qa-{uuid4().hex[:8]}"
        self.role = aws.role()
        self._client = aws.client("cloudformation")

    def create(self, source: str = SOURCE, **properties: Any) -> str:
        """Create the stack; return the function's name."""
        self._client.create_stack(StackName=self.name, TemplateBody=template(self.role, source, **properties))
        return outputs(self.aws, self.name)["Name"]

    def update(self, source: str = SOURCE, **properties: Any) -> str:
        """Update the stack; return the function's name."""
        self._client.update_stack(StackName=self.name, TemplateBody=template(self.role, source, **properties))
        return outputs(self.aws, self.name)["Name"]

    def delete(self) -> None:
        """Delete the stack."""
        self._client.delete_stack(StackName=self.name)


@pytest.fixture
def stack(aws: Aws) -> Stack:
    """A stack that is not there yet."""
    return Stack(aws)


def described(aws: Aws, name: str) -> dict[str, Any]:
    """Return the function's configuration."""
    answer: dict[str, Any] = aws.client("lambda").get_function_configuration(FunctionName=name)
    return answer


def test_inline_text_becomes_index_js(aws: Aws, stack: Stack) -> None:
    name = stack.create()

    package = lambda_backends["123456789012"]["us-east-1"].get_function(name).code_bytes
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        files = {info.filename: archive.read(info).decode() for info in archive.infolist()}
    assert files == {"index.js": SOURCE}
    assert aws.invoke(name)["Payload"] == "none"


def test_every_supported_property_is_kept(aws: Aws, stack: Stack) -> None:
    name = f"qa-{uuid4().hex[:8]}"
    stack.create(
        FunctionName=name,
        Description="stores",
        Timeout=60,
        MemorySize=512,
        Environment={"Variables": {"STAGE": "dev", "NUMBER": 5}},
        Architectures=["arm64"],
        EphemeralStorage={"Size": 1024},
        LoggingConfig={"LogGroup": "/qa/group"},
        Tags=[{"Key": "team", "Value": "qa"}],
        ReservedConcurrentExecutions=5,
    )

    function = aws.client("lambda").get_function(FunctionName=name)
    configuration = function["Configuration"]
    expected = {
        "Description": "stores",
        "Timeout": 60,
        "MemorySize": 512,
        "Environment": {"Variables": {"STAGE": "dev", "NUMBER": "5"}},
        "Architectures": ["arm64"],
        "EphemeralStorage": {"Size": 1024},
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": "/qa/group"},
        "Role": stack.role,
    }
    assert {key: configuration[key] for key in expected} == expected
    assert function["Tags"] == {"team": "qa"}
    assert function["Concurrency"] == {"ReservedConcurrentExecutions": 5}


def test_ref_is_the_name_and_get_att_the_arn(aws: Aws, stack: Stack) -> None:
    name = stack.create()

    assert outputs(aws, stack.name) == {
        "Name": name,
        "Arn": f"arn:aws:lambda:us-east-1:123456789012:function:{name}",
    }


def test_update_changes_code_and_configuration_in_place(aws: Aws, stack: Stack) -> None:
    name = stack.create(Description="old", Timeout=60)
    aws.invoke(name)

    updated = stack.update(
        "exports.handler = async () => 'new ' + process.env.STAGE;",
        Environment={"Variables": {"STAGE": "dev"}},
    )

    assert (updated, aws.invoke(name)["Payload"]) == (name, "new dev")
    configuration = described(aws, name)
    assert (configuration["Description"], configuration["Timeout"]) == ("", 3)


def test_update_of_the_name_replaces_the_function(aws: Aws, stack: Stack) -> None:
    first, second = (f"qa-{uuid4().hex[:8]}" for _ in range(2))
    stack.create(FunctionName=first)

    assert stack.update(FunctionName=second) == second
    assert aws.invoke(second)["Payload"] == "none"
    with pytest.raises(ClientError, match="Function not found"):
        described(aws, first)


def test_update_that_drops_the_reservation_lifts_it(aws: Aws, stack: Stack) -> None:
    name = stack.create(ReservedConcurrentExecutions=0)
    stack.update()

    assert aws.invoke(name)["Payload"] == "none"


def test_deleted_stack_takes_its_function_with_it(aws: Aws, stack: Stack) -> None:
    name = stack.create()
    stack.delete()

    with pytest.raises(ClientError, match="Function not found"):
        described(aws, name)


def test_reservation_beyond_the_accounts_minimum_leaves_no_function(aws: Aws) -> None:
    name = f"qa-{uuid4().hex[:8]}"
    text = template(aws.role(), SOURCE, FunctionName=name, ReservedConcurrentExecutions=950)
    client = aws.client("cloudformation")
    stack = OneResource(cloudformation=client, kind="AWS::Lambda::Function", name=name)

    with pytest.raises(FailedError) as refused:
        stack.create(json.loads(text)["Resources"]["Processor"]["Properties"])

    assert str(refused.value) == (
        "Specified ReservedConcurrentExecutions for function decreases "
        "account's UnreservedConcurrentExecution below its minimum value of [100]."
    )
    with pytest.raises(ClientError, match="Function not found"):
        described(aws, name)


def test_versions_aliases_and_permissions_come_and_go_with_their_stack(aws: Aws, stack: Stack) -> None:
    name = f"qa-{uuid4().hex[:8]}"
    body = json.loads(template(stack.role, SOURCE, FunctionName=name))
    function = {"FunctionName": {"Ref": "Processor"}}
    arn = "arn:aws:sns:us-east-1:123456789012:alerts"
    allowed = {"Action": "lambda:InvokeFunction", "Principal": "sns.amazonaws.com", "SourceArn": arn}
    version = {"Fn::GetAtt": ["First", "Version"]}
    body["Resources"] |= {
        "First": {"Type": "AWS::Lambda::Version", "Properties": function},
        "Live": {
            "Type": "AWS::Lambda::Alias",
            "Properties": {**function, "Name": "live", "FunctionVersion": version},
        },
        "Allowed": {"Type": "AWS::Lambda::Permission", "Properties": {**function, **allowed}},
    }
    body["Outputs"] = {each: {"Value": {"Ref": each}} for each in ("First", "Live", "Allowed")}
    client, cloudformation = aws.client("lambda"), aws.client("cloudformation")

    cloudformation.create_stack(StackName=stack.name, TemplateBody=json.dumps(body))
    made = outputs(aws, stack.name)
    (statement,) = json.loads(client.get_policy(FunctionName=name)["Policy"])["Statement"]
    alias = client.get_alias(FunctionName=name, Name="live")
    del body["Resources"]["Allowed"], body["Outputs"]["Allowed"]
    cloudformation.update_stack(StackName=stack.name, TemplateBody=json.dumps(body))

    prefix = f"arn:aws:lambda:us-east-1:123456789012:function:{name}"
    assert (made["First"], made["Live"]) == (f"{prefix}:1", f"{prefix}:live")
    assert (alias["FunctionVersion"], statement["Sid"]) == ("1", made["Allowed"])
    assert statement["Condition"] == {"ArnLike": {"AWS:SourceArn": arn}}
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client.get_policy(FunctionName=name)
    stack.delete()
    with pytest.raises(ClientError, match="Function not found"):
        described(aws, name)
