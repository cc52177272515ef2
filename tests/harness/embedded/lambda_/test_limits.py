"""How large packages and how long names may be, in AWS's words."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError
from moto.awslambda.models import lambda_backends

from qa.embedded.lambda_ import code
from qa.embedded.lambda_.code import check_package, extract
from qa.embedded.lambda_.names import fault_of, plain_name
from qa.embedded.lambda_.refusals import LambdaRefusalError
from tests.harness.embedded.one_resource import FailedError, OneResource

from .functions import zipped

if TYPE_CHECKING:
    from pathlib import Path

    from .functions import Aws

LIMIT = 262_144_000
TOO_LARGE = "Unzipped size must be smaller than 262144000 bytes"
NO_ZIP = "Could not unzip uploaded file. Please check your file, then try to upload again."
SOURCE = "exports.handler = async () => 'first';"


def declaring(size: int, files: dict[str, str]) -> bytes:
    """Return a package whose directory claims that size, in bytes, for each file."""
    package = bytearray(zipped(files))
    place = package.find(b"PK\x01\x02")
    while place != -1:
        struct.pack_into("<I", package, place + 24, size)
        place = package.find(b"PK\x01\x02", place + 4)
    return bytes(package)


def compressed(size: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(size))
    return packed.getvalue()


def properties(aws: Aws, **given: Any) -> dict[str, Any]:
    return {
        "Runtime": "nodejs22.x",
        "Handler": "index.handler",
        "Role": aws.role(),
        "Code": {"ZipFile": SOURCE},
        **given,
    }


def stack_of(aws: Aws) -> OneResource:
    name = f"qa-{uuid4().hex[:8]}"
    return OneResource(cloudformation=aws.client("cloudformation"), kind="AWS::Lambda::Function", name=name)


def in_bucket(aws: Aws, package: bytes) -> dict[str, str]:
    """Return the Code of a function whose package lies in a new bucket."""
    bucket = f"qa-{uuid4().hex[:8]}"
    aws.client("s3").create_bucket(Bucket=bucket)
    aws.client("s3").put_object(Bucket=bucket, Key="package.zip", Body=package)
    return {"S3Bucket": bucket, "S3Key": "package.zip"}


def functions() -> set[str]:
    return {each.function_name for each in lambda_backends["123456789012"]["us-east-1"].list_functions()}


@pytest.mark.parametrize(
    ("package", "message"),
    [
        (declaring(LIMIT, {"index.js": SOURCE}), TOO_LARGE),
        (declaring(LIMIT // 2, {"index.js": SOURCE, "other.js": ""}), TOO_LARGE),
        (declaring(3, {"index.js": SOURCE}), NO_ZIP),
        (zipped({"index.js": SOURCE}).replace(b"first", b"worst"), NO_ZIP),
        (zipped({"index.js": SOURCE})[60:], NO_ZIP),
        (b"no zip at all", NO_ZIP),
    ],
    ids=[
        "one file",
        "two files together",
        "more than it says",
        "damaged",
        "cut",
        "text",
    ],
)
def test_a_package_that_unpacks_to_too_much_or_not_at_all_is_refused(package: bytes, message: str) -> None:
    with pytest.raises(LambdaRefusalError) as refused:
        check_package(package)

    assert str(refused.value) == f"InvalidParameterValueException: {message}"


def test_a_package_just_below_the_limit_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code, "UNZIPPED_LIMIT", 1 << 20)  # the real one takes seconds
    check_package(compressed((1 << 20) - 1))

    with pytest.raises(LambdaRefusalError, match="Unzipped size must be smaller than 1048576 bytes"):
        extract(compressed(1 << 20), tmp_path / "task")

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_header_that_lies_fills_no_disk(tmp_path: Path) -> None:
    package = bytearray(compressed(4 << 20))
    struct.pack_into("<I", package, package.find(b"PK\x01\x02") + 24, 10)

    with pytest.raises(zipfile.BadZipFile):
        extract(bytes(package), tmp_path / "task")

    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) <= 10


@pytest.mark.parametrize("source", ["request", "bucket"])
def test_a_new_function_with_too_large_a_package_is_not_made(aws: Aws, source: str) -> None:
    package = declaring(LIMIT, {"index.js": SOURCE})
    given = {"ZipFile": package} if source == "request" else in_bucket(aws, package)
    before = functions()

    with pytest.raises(ClientError) as refused:
        aws.function(SOURCE, Code=given)

    assert refused.value.response["Error"] == {
        "Code": "InvalidParameterValueException",
        "Message": TOO_LARGE,
    }
    assert functions() == before


def test_a_function_keeps_its_code_when_the_new_package_is_too_large(aws: Aws) -> None:
    name = aws.function(SOURCE)

    with pytest.raises(ClientError) as refused:
        aws.client("lambda").update_function_code(
            FunctionName=name, ZipFile=declaring(LIMIT, {"index.js": SOURCE})
        )

    assert refused.value.response["Error"] == {
        "Code": "InvalidParameterValueException",
        "Message": TOO_LARGE,
    }
    assert aws.invoke(name)["Payload"] == "first"


def test_a_stack_meets_the_limit_of_packages(aws: Aws) -> None:
    too_large = in_bucket(aws, declaring(LIMIT, {"index.js": SOURCE}))
    with pytest.raises(FailedError, match=TOO_LARGE):
        stack_of(aws).create(properties(aws, Code=too_large))
    stack, given = stack_of(aws), properties(aws)
    name = stack.create(given)["Ref"]

    with pytest.raises(FailedError, match=TOO_LARGE):
        stack.update({**given, "Code": too_large})

    assert aws.invoke(name)["Payload"] == "first"


def test_a_stack_meets_the_limit_of_names(aws: Aws) -> None:
    name = "n" * 65
    stack, given = stack_of(aws), properties(aws)
    old = stack.create(given)["Ref"]

    with pytest.raises(FailedError) as created:
        stack_of(aws).create({**given, "FunctionName": name})
    with pytest.raises(FailedError) as renamed:
        stack.update({**given, "FunctionName": name})

    assert (
        str(created.value)
        == str(renamed.value)
        == (
            "Properties validation failed for resource One with message:\n"
            "#/FunctionName: failed validation constraint for keyword [pattern]"
        )
    )
    assert old in functions()


def too_long(name: str, most: int = 64) -> str:
    return (
        f"1 validation error detected: Value '{name}' at 'functionName' failed to satisfy constraint: "
        f"Member must have length less than or equal to {most}"
    )


PATTERN = (
    r"(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?"
    r"(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?"
)


def mismatch(name: str) -> str:
    return (
        f"1 validation error detected: Value '{name}' at 'functionName' failed to satisfy constraint: "
        f"Member must satisfy regular expression pattern: {PATTERN}"
    )


LONG = "n" * 65


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ("n" * 64, None),
        (f"arn:aws:lambda:us-east-1:123456789012:function:{'n' * 64}:$LATEST", None),
        (LONG, too_long(LONG)),
        (f"{LONG}:live", too_long(f"{LONG}:live")),
        (f"function:{LONG}", too_long(f"function:{LONG}")),
        (f"123456789012:function:{LONG}", too_long(f"123456789012:function:{LONG}")),
        (
            f"arn:aws:lambda:us-gov-west-1:123456789012:function:{LONG}",
            too_long(f"arn:aws:lambda:us-gov-west-1:123456789012:function:{LONG}"),
        ),
        ("n" * 141, too_long("n" * 141, 140)),
        ("a.b", mismatch("a.b")),
        ("größe", mismatch("größe")),
        ("a b", mismatch("a b")),
        ("a\n", mismatch("a\n")),
        ("", mismatch("")),
    ],
    ids=[
        "64",
        "ARN of 64",
        "65",
        "65 and an alias",
        "65 after function:",
        "65 after an account",
        "ARN of 65",
        "141",
        "a dot",
        "a letter of another alphabet",
        "a space",
        "a line's end",
        "empty",
    ],
)
def test_names_are_limited_as_on_aws(given: str, fault: str | None) -> None:
    assert fault_of(given, "UpdateFunctionCode") == fault


def test_all_that_is_wrong_with_a_name_is_named() -> None:
    given = "." * 65

    assert fault_of(given, "CreateFunction") == (
        f"2 validation errors detected: Value '{given}' at 'functionName' failed to satisfy constraint: "
        f"Member must have length less than or equal to 64; Value '{given}' at 'functionName' failed to "
        f"satisfy constraint: Member must satisfy regular expression pattern: {PATTERN}"
    )


@pytest.mark.parametrize(
    "given",
    [
        "name",
        "name:live",
        "function:name:1",
        "123456789012:function:name",
        "us-east-1:123456789012:function:name",
        "arn:aws:lambda:us-east-1:123456789012:function:name:$LATEST",
    ],
)
def test_the_plain_name_is_read_of_every_form(given: str) -> None:
    assert plain_name(given) == "name"


def test_a_function_created_by_its_arn_has_the_plain_name(aws: Aws) -> None:
    name = f"qa-{uuid4().hex[:8]}"

    aws.function(SOURCE, FunctionName=f"arn:aws:lambda:us-east-1:123456789012:function:{name}")

    assert name in functions()
    assert aws.invoke(name)["Payload"] == "first"


def test_a_new_function_with_too_long_a_name_is_not_made(aws: Aws) -> None:
    with pytest.raises(ClientError) as refused:
        aws.function(SOURCE, FunctionName=LONG)

    assert refused.value.response["Error"] == {"Code": "ValidationException", "Message": too_long(LONG)}
    assert LONG not in functions()
