"""What may be asked of a function, and what its description says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from qa.embedded.lambda_.configuration import known_runtimes

from .functions import zipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .functions import Aws

SOURCE = "exports.handler = async () => 'done';"


@pytest.fixture
def untrusting(aws: Aws) -> Iterator[None]:
    """Roles that do not trust Lambda."""
    aws.authorizer.denied.add("sts:AssumeRole")
    yield
    aws.authorizer.denied.clear()


def refusal(aws: Aws, **parameters: Any) -> tuple[str, str]:
    """Return code and message of the refused CreateFunction."""
    with pytest.raises(ClientError) as refused:
        aws.function(SOURCE, **parameters)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


def test_new_function_is_described_as_active(aws: Aws) -> None:
    name = aws.function(SOURCE, MemorySize=256, Timeout=9)

    described = aws.client("lambda").get_function_configuration(FunctionName=name)

    expected = {
        "State": "Active",
        "LastUpdateStatus": "Successful",
        "Runtime": "nodejs22.x",
        "Handler": "index.handler",
        "MemorySize": 256,
        "Timeout": 9,
        "PackageType": "Zip",
        "Architectures": ["x86_64"],
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{name}"},
    }
    assert {key: described[key] for key in expected} == expected
    assert "KMSKeyArn" not in described


@pytest.mark.usefixtures("untrusting")
def test_role_must_trust_lambda(aws: Aws) -> None:
    assert refusal(aws) == (
        "InvalidParameterValueException",
        "The role defined for the function cannot be assumed by Lambda.",
    )


def test_role_must_exist(aws: Aws) -> None:
    assert refusal(aws, Role="arn:aws:iam::123456789012:role/nobody") == (
        "InvalidParameterValueException",
        "The role defined for the function cannot be assumed by Lambda.",
    )


@pytest.mark.usefixtures("untrusting")
def test_role_that_a_function_changes_to_must_trust_lambda(aws: Aws) -> None:
    role = aws.role()
    aws.authorizer.denied.clear()
    name = aws.function(SOURCE)
    aws.authorizer.denied.add("sts:AssumeRole")

    with pytest.raises(ClientError, match="cannot be assumed by Lambda"):
        aws.client("lambda").update_function_configuration(FunctionName=name, Role=role)


def test_unknown_runtime_is_refused_in_awss_words(aws: Aws) -> None:
    assert refusal(aws, Runtime="nodejs99.x") == (
        "InvalidParameterValueException",
        (
            "Value nodejs99.x at 'runtime' failed to satisfy constraint: "
            f"Member must satisfy enum value set: [{', '.join(known_runtimes())}] or be a valid ARN"
        ),
    )


def test_runtime_that_aws_has_closed_is_refused_in_its_words(aws: Aws) -> None:
    assert refusal(aws, Runtime="nodejs16.x") == (
        "InvalidParameterValueException",
        (
            "The runtime parameter of nodejs16.x is no longer supported for creating or updating AWS Lambda "
            "functions. We recommend you use a supported runtime while creating or updating functions."
        ),
    )


def test_a_statement_of_a_function_s_policy_is_added_once(aws: Aws) -> None:
    name = aws.function("exports.handler = async () => {};")
    requested = {"FunctionName": name, "Action": "lambda:InvokeFunction", "Principal": "sns.amazonaws.com"}
    aws.client("lambda").add_permission(**requested, StatementId="sns")

    with pytest.raises(ClientError) as refused:
        aws.client("lambda").add_permission(**requested, StatementId="sns")

    assert refused.value.response["Error"] == {
        "Code": "ResourceConflictException",
        "Message": "The statement id (sns) provided already exists. Please provide a new statement id, "
        "or remove the existing statement.",
    }


@pytest.mark.parametrize("runtime", ["python3.13", "nodejs20.x"])
def test_runtime_that_cannot_run_here_is_refused_by_name_at_invoke(runtime: str, aws: Aws) -> None:
    files = {"index.py" if runtime.startswith("python") else "index.js": ""}
    name = aws.function(files, Runtime=runtime)

    with pytest.raises(ClientError) as refused:
        aws.invoke(name)

    assert refused.value.response["Error"] == {
        "Code": "InvalidRuntimeException",
        "Message": f"the embedded AWS runs nodejs22.x, nodejs24.x only, not {runtime!r} (function '{name}')",
    }


@pytest.mark.parametrize(
    ("parameters", "what"),
    [
        pytest.param({"KMSKeyArn": "arn:aws:kms:us-east-1:123456789012:key/1"}, "KMSKeyArn", id="KMSKeyArn"),
        pytest.param({"TracingConfig": {"Mode": "Active"}}, "TracingConfig", id="tracing"),
        pytest.param({"VpcConfig": {"SubnetIds": ["subnet-1"]}}, "VpcConfig", id="VPC"),
        pytest.param(
            {"DeadLetterConfig": {"TargetArn": "arn:aws:sqs:us-east-1:123456789012:q"}},
            "DeadLetterConfig",
            id="dead letters",
        ),
    ],
)
def test_what_is_not_modelled_is_refused_by_name(aws: Aws, parameters: dict[str, Any], what: str) -> None:
    assert refusal(aws, **parameters) == (
        "InvalidParameterValueException",
        f"the embedded AWS does not model {what} of a Lambda function",
    )


def test_structured_logs_are_refused_by_name(aws: Aws) -> None:
    assert refusal(aws, LoggingConfig={"LogFormat": "JSON"}) == (
        "InvalidParameterValueException",
        "the embedded AWS does not model LogFormat JSON in LoggingConfig of a Lambda function",
    )


def test_reserved_variables_are_refused_by_name(aws: Aws) -> None:
    assert refusal(aws, Environment={"Variables": {"AWS_REGION": "x", "TABLE": "y"}}) == (
        "InvalidParameterValueException",
        (
            "Lambda was unable to configure your environment variables because the environment variables you "
            "have provided contains reserved keys that are currently not supported for modification. "
            "Reserved keys used in this request: AWS_REGION"
        ),
    )


def test_package_that_is_no_zip_is_refused(aws: Aws) -> None:
    assert refusal(aws, Code={"ZipFile": b"no zip"}) == (
        "InvalidParameterValueException",
        "Could not unzip uploaded file. Please check your file, then try to upload again.",
    )


def test_code_may_lie_in_a_bucket(aws: Aws) -> None:
    bucket = f"qa-code-{uuid4().hex[:8]}"
    aws.client("s3").create_bucket(Bucket=bucket)
    aws.client("s3").put_object(Bucket=bucket, Key="code.zip", Body=zipped({"index.js": SOURCE}))

    name = aws.function(SOURCE, Code={"S3Bucket": bucket, "S3Key": "code.zip"})

    assert aws.invoke(name)["Payload"] == "done"
    assert refusal(aws, Code={"S3Bucket": bucket, "S3Key": "other.zip"}) == (
        "InvalidParameterValueException",
        (
            "Error occurred while GetObject. S3 Error Code: NoSuchKey. "
            "S3 Error Message: The specified key does not exist."
        ),
    )


def test_changed_configuration_reaches_the_next_invocation(aws: Aws) -> None:
    name = aws.function(
        "exports.handler = async (e, c) => [process.env.STAGE, c.memoryLimitInMB];",
        Environment={"Variables": {"STAGE": "old"}},
    )
    aws.invoke(name)

    aws.client("lambda").update_function_configuration(
        FunctionName=name, MemorySize=256, Environment={"Variables": {"STAGE": "new"}}
    )

    assert aws.invoke(name)["Payload"] == ["new", "256"]


@pytest.mark.parametrize(
    "change", [{"Environment": {}}, {"VpcConfig": {"SubnetIds": []}}, {"VpcConfig": {}}], ids=str
)
def test_a_change_may_leave_out_what_is_optional(aws: Aws, change: dict[str, Any]) -> None:
    name = aws.function(SOURCE, Environment={"Variables": {"A": "a"}})

    aws.client("lambda").update_function_configuration(FunctionName=name, **change)

    described = aws.client("lambda").get_function_configuration(FunctionName=name)
    variables = {} if "Environment" in change else {"A": "a"}
    assert described.get("Environment", {"Variables": {}}) == {"Variables": variables}
    assert not described.get("VpcConfig", {}).get("SecurityGroupIds")
