"""A request counts only when it is signed with its key's secret, now, and over what it carries."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from .refusals import refusal
from .serving import ADMINISTRATOR, EAST, Keys, statement
from .test_callers import ASKED

if TYPE_CHECKING:
    from collections.abc import Callable

    from .serving import Served

BUCKET = "documents"
OTHER = "The request signature we calculated does not match the signature you provided. "
GENERAL = (
    f"{OTHER}Check your AWS Secret Access Key and signing method. "
    "Consult the service documentation for details."
)
ODD_KEYS = ["a b/c.json", "ümläut/€", "plus+and&more=?#%41", "~tilde*'(x)!", "twice//slash", "dots/../up"]


def fetched(url: str, *, data: bytes | None = None, method: str | None = None) -> tuple[int, str]:
    """Return the status and, for an error, its code."""
    # urllib would add a type that was not signed
    headers = {"Content-Type": ""}
    request = urllib.request.Request(url, data=data, method=method, headers=headers)  # noqa: S310 - our own
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - as above
            return answer.status, ""
    except urllib.error.HTTPError as error:
        with error:
            return error.code, "".join(re.findall("<Code>(.*?)</Code>", error.read().decode()))


def presigning(aws: Served, version: str, keys: Keys = ADMINISTRATOR) -> Any:
    return boto3.client(
        "s3",
        region_name=EAST,
        endpoint_url=aws.world.endpoint,
        aws_access_key_id=keys.access_key_id,
        aws_secret_access_key=keys.secret,
        aws_session_token=keys.token,
        config=Config(signature_version=version, s3={"addressing_style": "path"}),
    )


def sent(aws: Served, body: bytes, *, change: Callable[[AWSRequest], None]) -> tuple[int, str]:
    """Sign GetCallerIdentity, change the request, send it; return status and code."""
    request = AWSRequest(
        method="POST",
        url=f"{aws.world.endpoint}/",
        data=body,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    credentials = Credentials(ADMINISTRATOR.access_key_id, ADMINISTRATOR.secret)
    SigV4Auth(credentials, "sts", EAST).add_auth(request)
    change(request)
    raw = urllib.request.Request(  # noqa: S310 - our own server's URL
        str(request.url), data=bytes(request.data or b""), headers=dict(request.headers.items())
    )
    try:
        with urllib.request.urlopen(raw) as answer:  # noqa: S310 - as above
            return answer.status, ""
    except urllib.error.HTTPError as error:
        with error:
            return error.code, "".join(re.findall("<Code>(.*?)</Code>", error.read().decode()))


@pytest.mark.parametrize(
    ("services", "expected"),
    [
        ("dynamodb kms logs", (400, "InvalidSignatureException", GENERAL)),
        ("lambda", (403, "InvalidSignatureException", GENERAL)),
        ("sns sqs cloudwatch cloudformation iam sts", (403, "SignatureDoesNotMatch", GENERAL)),
        ("s3", (403, "SignatureDoesNotMatch", f"{OTHER}Check your key and signing method.")),
    ],
    ids=["json", "rest-json", "query", "s3"],
)
def test_a_wrong_secret_meets_the_error_of_the_service(
    services: str, expected: tuple[int, str, str], aws: Served
) -> None:
    wrong = replace(ADMINISTRATOR, secret="guessed")

    reported = {name: refusal(getattr(aws.client(name, wrong), ASKED[name])) for name in services.split()}

    assert reported == dict.fromkeys(services.split(), expected)


def test_users_and_sessions_sign_with_their_own_secrets(aws: Served) -> None:
    ada, worker = aws.user("ada"), aws.session("worker")

    reported = [
        refusal(aws.client("sts", replace(keys, secret=ADMINISTRATOR.secret)).get_caller_identity)[1]
        for keys in (ada, worker)
    ]

    assert reported == ["SignatureDoesNotMatch"] * 2
    assert aws.client("sts", worker).get_caller_identity()["Arn"].endswith("assumed-role/worker/test")


@pytest.mark.parametrize("key", ODD_KEYS)
def test_names_are_signed_however_they_are_spelled(key: str, aws: Served) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=BUCKET)

    s3.put_object(Bucket=BUCKET, Key=key, Body=b"x", Metadata={"two": "a  b"})

    found = s3.list_objects_v2(Bucket=BUCKET, Prefix=key, Delimiter="|")["Contents"]
    assert ([each["Key"] for each in found], s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()) == (
        [key],
        b"x",
    )


def test_an_arn_in_a_path_is_signed(aws: Served) -> None:
    arn = "arn:aws:lambda:us-east-1:123456789012:function:none"

    response = refusal(lambda: aws.client("lambda").get_function(FunctionName=arn))

    assert response[1] == "ResourceNotFoundException"


def test_a_request_counts_as_it_was_signed_and_not_as_it_was_changed(aws: Served) -> None:
    body = b"Action=GetCallerIdentity&Version=2011-06-15"

    def other_body(request: AWSRequest) -> None:
        request.data = body + b"&More=1"

    def other_query(request: AWSRequest) -> None:
        request.url = f"{request.url}?More=1"

    def other_header(request: AWSRequest) -> None:
        request.headers.replace_header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")

    def further_header(request: AWSRequest) -> None:
        request.headers["X-Forwarded-For"] = "10.0.0.1"

    reported = [
        sent(aws, body, change=change)
        for change in (lambda _: None, further_header, other_body, other_query, other_header)
    ]

    assert reported == [(200, ""), (200, ""), *([(403, "SignatureDoesNotMatch")] * 3)]


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (-16, "Signature expired: <time> is now earlier than <time> (<time> - {} min.)"),
        (16, "Signature not yet current: <time> is still later than <time> (<time> + {} min.)"),
    ],
    ids=["past", "future"],
)
def test_a_signature_of_another_time_is_none_of_now(
    minutes: int, words: str, aws: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    then = datetime.now(UTC) + timedelta(minutes=minutes)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda *_, **__: then)

    reported = [refusal(getattr(aws.client(name), ASKED[name]))[1:] for name in ("dynamodb", "sts", "s3")]

    assert [(code, re.sub(r"\d{8}T\d{6}Z", "<time>", message)) for code, message in reported] == [
        ("InvalidSignatureException", words.format(5)),
        ("SignatureDoesNotMatch", words.format(15)),
        (
            "RequestTimeTooSkewed",
            "The difference between the request time and the current time is too large.",
        ),
    ]


@pytest.mark.parametrize("version", ["s3v4", "s3"])
@pytest.mark.parametrize("who", ["administrator", "session"])
def test_a_presigned_url_is_good_for_what_was_signed(version: str, who: str, aws: Served) -> None:
    keys = ADMINISTRATOR if who == "administrator" else aws.session("worker", statement("s3:*"))
    s3 = presigning(aws, version, keys)
    aws.client("s3").create_bucket(Bucket=BUCKET)
    requested = {"Bucket": BUCKET, "Key": "a b/ü.json"}
    put, get = (s3.generate_presigned_url(name, Params=requested) for name in ("put_object", "get_object"))

    response = [
        fetched(put, data=b"x", method="PUT"),
        fetched(get),
        fetched(get, method="DELETE"),
        fetched(get.replace("a%20b", "a%20c")),
        fetched(
            presigning(aws, version, replace(keys, secret="guessed")).generate_presigned_url(
                "get_object", requested
            )
        ),
    ]

    assert response == [(200, ""), (200, ""), *([(403, "SignatureDoesNotMatch")] * 3)]


@pytest.mark.parametrize("version", ["s3v4", "s3"])
def test_a_presigned_url_ends_when_its_time_is_over(version: str, aws: Served) -> None:
    s3 = presigning(aws, version)
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key="a", Body=b"x")

    url = s3.generate_presigned_url("get_object", {"Bucket": BUCKET, "Key": "a"}, ExpiresIn=-5)

    assert fetched(url) == (403, "AccessDenied")


def test_the_former_version_of_signatures_is_held_in_headers_too(aws: Served) -> None:
    s3 = presigning(aws, "s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key="a", Body=b"x", Metadata={"team": "blue"}, Tagging="a=b")

    wrong = presigning(aws, "s3", replace(ADMINISTRATOR, secret="guessed"))

    assert s3.get_object_tagging(Bucket=BUCKET, Key="a")["TagSet"] == [{"Key": "a", "Value": "b"}]
    assert refusal(lambda: wrong.get_object(Bucket=BUCKET, Key="a"))[1] == "SignatureDoesNotMatch"


def test_an_object_is_the_one_whose_digest_was_signed(aws: Served) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=BUCKET)

    def change(request: Any, **_: Any) -> None:
        request.body = b"y"

    s3.meta.events.register("before-send.s3.PutObject", change)

    response = refusal(lambda: s3.put_object(Bucket=BUCKET, Key="a", Body=b"x"))
    assert response == (
        400,
        "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
    )


@pytest.mark.parametrize("body", [b"x", b"x" * 200_000], ids=["small", "large"])
def test_a_body_that_is_sent_in_chunks_is_taken(body: bytes, aws: Served) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=BUCKET)

    s3.put_object(Bucket=BUCKET, Key="a", Body=body, ChecksumAlgorithm="CRC32")

    assert s3.get_object(Bucket=BUCKET, Key="a")["Body"].read() == body
