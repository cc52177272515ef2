"""The hostile proxy: what passes is not changed, and each fault is what a client of AWS would see."""

from __future__ import annotations

from functools import cache

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError
from botocore.session import Session

from .answering import answering
from .faults import FAULTS, Fate, FirstOfEach, Mix
from .proxy import hostile_proxy
from .wire import Request, request_of

REGION = "us-west-2"
CALLS = {
    "dynamodb": ("list_tables", {}),
    "kms": ("list_keys", {}),
    "logs": ("describe_log_groups", {}),
    "sqs": ("list_queues", {}),
    "cloudformation": ("list_exports", {}),
    "sns": ("list_topics", {}),
    "iam": ("list_roles", {}),
    "sts": ("get_caller_identity", {}),
    "s3": ("get_bucket_policy", {"Bucket": "documents"}),
    "lambda": ("get_function_configuration", {"FunctionName": "processor"}),
    "cloudwatch": ("describe_alarms", {}),
}
"""A call of each service, and so of each protocol."""
REFUSALS = {
    "cloudformation": ("Throttling", 400),
    "sns": ("Throttling", 400),
    "iam": ("Throttling", 400),
    "sts": ("Throttling", 400),
    "s3": ("SlowDown", 503),
    "sqs": ("RequestThrottled", 400),
    "lambda": ("TooManyRequestsException", 429),
}
"""How throttling looks, where it is not ThrottlingException with 400."""


class Always:
    """Every request has the same fate."""

    def __init__(self, fault: str | None) -> None:
        self._fate = Fate(fault=fault)
        self.seen: list[Request] = []

    def fate(self, request: Request) -> Fate:
        self.seen.append(request)
        return self._fate


@cache
def session() -> Session:
    """Return one session for all tests: it reads the models of the services but once."""
    made = Session()
    made.set_credentials("AKIAEXAMPLE", "example")
    return made


def call(service: str, url: str) -> None:
    client = session().create_client(
        service,
        region_name=REGION,
        endpoint_url=url,
        config=Config(retries={"total_max_attempts": 1, "mode": "standard"}, s3={"addressing_style": "path"}),
    )
    operation, arguments = CALLS[service]
    getattr(client, operation)(**arguments)


@pytest.mark.parametrize("service", CALLS)
def test_throttling_has_the_code_and_the_protocol_of_the_service(service: str) -> None:
    with (
        answering((200, b"")) as server,
        hostile_proxy(to_port=server.port, weather=Always("throttled")) as proxy,
        pytest.raises(ClientError) as caught,
    ):
        call(service, proxy.url)

    body = caught.value.response
    seen = (body["Error"]["Code"], body["ResponseMetadata"]["HTTPStatusCode"])
    assert (seen, server.seen) == (REFUSALS.get(service, ("ThrottlingException", 400)), [])


@pytest.mark.parametrize("service", CALLS)
def test_a_breakdown_is_a_503_that_the_client_can_read(service: str) -> None:
    with (
        answering((200, b"")) as server,
        hostile_proxy(to_port=server.port, weather=Always("unavailable")) as proxy,
        pytest.raises(ClientError) as caught,
    ):
        call(service, proxy.url)

    body = caught.value.response
    code = "InternalError" if service == "s3" else "ServiceUnavailable"
    seen = (body["Error"]["Code"], body["ResponseMetadata"]["HTTPStatusCode"])
    assert (seen, server.seen) == ((code, 503), [])


@pytest.mark.parametrize(("fault", "reached"), [("reset-before", 0), ("reset-after", 1)])
def test_a_reset_comes_before_or_after_the_request_took_effect(fault: str, reached: int) -> None:
    with (
        answering((200, b"{}")) as server,
        hostile_proxy(to_port=server.port, weather=Always(fault)) as proxy,
        pytest.raises(ConnectionClosedError),
    ):
        call("dynamodb", proxy.url)

    assert server.seen == ["POST /"] * reached


def test_the_service_region_and_operation_of_each_protocol_are_read() -> None:
    weather = Always("throttled")
    with answering((200, b"")) as server, hostile_proxy(to_port=server.port, weather=weather) as proxy:
        for service in CALLS:
            with pytest.raises(ClientError):
                call(service, proxy.url)

    assert [str(each) for each in weather.seen] == [
        "dynamodb us-west-2 ListTables",
        "kms us-west-2 ListKeys",
        "logs us-west-2 DescribeLogGroups",
        "sqs us-west-2 ListQueues",
        "cloudformation us-west-2 ListExports",
        "sns us-west-2 ListTopics",
        "iam us-west-2 ListRoles",
        "sts us-west-2 GetCallerIdentity",
        "s3 us-west-2 GET bucket policy",
        "lambda us-west-2 GET functions/configuration",
        "monitoring us-west-2 DescribeAlarms",
    ]


def test_a_presigned_read_is_told_from_the_clients_own() -> None:
    signature = "X-Amz-Credential=A%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Signature=1"

    assert str(request_of("GET", f"/bucket/key?{signature}", {}, b"")) == "s3 us-east-1 GET object  presigned"
    assert str(request_of("GET", "/bucket/key", {}, b"")) == "plain  GET object"


@pytest.mark.parametrize("fault", FAULTS)
def test_the_first_request_of_each_operation_and_region_has_the_fault(fault: str) -> None:
    weather = FirstOfEach(fault)
    east, west = (Request("kms", region, "Decrypt", "json") for region in ("us-east-1", "us-west-2"))

    fates = [weather.fate(each).fault for each in (east, east, west, west)]

    assert fates == [fault, None, fault, None]


def test_a_seed_draws_the_same_mix_again_and_another_another() -> None:
    of = Request("kms", REGION, "Decrypt", "json")
    first, again, other = (
        [mix.fate(of) for _ in range(50)] for mix in (Mix(7, 0.08), Mix(7, 0.08), Mix(8, 0.08))
    )

    assert first == again
    assert first != other


def test_the_mix_has_its_shares() -> None:
    mix, of = Mix(1, 0.08), Request("kms", REGION, "Decrypt", "json")
    fates = [mix.fate(of) for _ in range(100_000)]

    shares = {fault: sum(fate.fault == fault for fate in fates) / 100_000 for fault in FAULTS}
    expected = {"throttled": 0.05, "unavailable": 0.01, "reset-before": 0.005, "reset-after": 0.005}
    assert shares == {fault: pytest.approx(share, rel=0.1) for fault, share in expected.items()}
    assert sorted(fate.seconds for fate in fates)[50_000] == pytest.approx(0.08, rel=0.05)
    assert sum(fate.seconds == 3.0 for fate in fates) / 100_000 == pytest.approx(0.01, rel=0.1)
