"""Names of functions are judged before any operation of Lambda."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import Session

from qa.embedded.services import SERVICES
from qa.embedded.settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY

if TYPE_CHECKING:
    from qa.embedded.process import EmbeddedProcess

LONG = "n" * 65
MODEL = Session().get_service_model("lambda")
MODELLED = next(service.coverage.modelled for service in SERVICES if service.name == "lambda")


def takes_a_name(operation: str) -> bool:
    shape = MODEL.operation_model(operation).input_shape
    return shape is not None and "FunctionName" in shape.members


def refusal(process: EmbeddedProcess, operation: str, name: str) -> tuple[str, str]:
    """Return code and message of the answer to a request that has no more than it must."""
    client = boto3.client(
        "lambda",
        region_name="us-east-1",
        endpoint_url=process.endpoint,
        aws_access_key_id=ADMIN_ACCESS_KEY_ID,
        aws_secret_access_key=ADMIN_SECRET_ACCESS_KEY,
        config=Config(retries={"total_max_attempts": 1}, parameter_validation=False),
    )
    shape = MODEL.operation_model(operation).input_shape
    assert shape is not None
    others = {member: "x" for member in shape.required_members if member != "FunctionName"}
    if "Code" in others:
        others["Code"] = {}  # type: ignore[assignment]  # the one member with members of its own
    with pytest.raises(ClientError) as refused:
        getattr(client, xform_name(operation))(**others, FunctionName=name)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.mark.parametrize("form", ["{}", "function:{}", "arn:aws:lambda:us-east-1:123456789012:function:{}"])
@pytest.mark.parametrize("operation", sorted(filter(takes_a_name, MODELLED)))
def test_a_name_above_64_characters_is_refused_by_every_operation(
    process: EmbeddedProcess, operation: str, form: str
) -> None:
    name = form.format(LONG)

    assert refusal(process, operation, name) == (
        "ValidationException",
        (
            f"1 validation error detected: Value '{name}' at 'functionName' failed to satisfy constraint: "
            "Member must have length less than or equal to 64"
        ),
    )


@pytest.mark.parametrize("operation", ["GetFunction", "Invoke", "UpdateFunctionCode"])
@pytest.mark.parametrize("name", ["a b", "größe", "a+b", "a%b"])
def test_a_name_of_other_characters_is_refused(process: EmbeddedProcess, operation: str, name: str) -> None:
    shape = MODEL.operation_model(operation).input_shape
    assert shape is not None
    pattern = shape.members["FunctionName"].metadata["pattern"]

    assert refusal(process, operation, name) == (
        "ValidationException",
        (
            f"1 validation error detected: Value '{name}' at 'functionName' failed to satisfy constraint: "
            f"Member must satisfy regular expression pattern: {pattern}"
        ),
    )


def test_a_function_that_is_not_there_is_still_not_found(process: EmbeddedProcess) -> None:
    assert refusal(process, "GetFunction", "n" * 64) == (
        "ResourceNotFoundException",
        f"Function not found: arn:aws:lambda:us-east-1:123456789012:function:{'n' * 64}",
    )
