"""Which faults can be started, what they hit, and what is made of each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from qa.embedded.faults import KINDS, Faults, Hits, UnknownFaultError
from qa.embedded.faults.effects import EFFECTS
from qa.embedded.fields import FieldError
from qa.embedded.services import SERVICES
from qa.embedded.settings import ADMIN_ACCESS_KEY_ID, ADMIN_SECRET_ACCESS_KEY

if TYPE_CHECKING:
    from qa.embedded.control import Control
    from qa.embedded.process import EmbeddedProcess
    from qa.embedded.service.declaration import Service

PUT = {"service": "dynamodb", "operation": "PutItem"}


@pytest.mark.parametrize(
    ("parts", "hit"),
    [
        pytest.param({}, True, id="everything"),
        pytest.param({"region": "us-east-1"}, True, id="its region"),
        pytest.param({"region": "us-west-2"}, True, id="the region of its bucket"),
        pytest.param({"region": "eu-west-1"}, False, id="another region"),
        pytest.param({"service": "dynamodb"}, True, id="its service"),
        pytest.param({"service": "s3"}, False, id="another service"),
        pytest.param(PUT, True, id="its operation"),
        pytest.param({**PUT, "operation": "GetItem"}, False, id="another operation"),
        pytest.param({"service": "s3", "region": "us-east-1"}, False, id="its region, another service"),
    ],
)
def test_a_fault_hits_what_it_names(parts: dict[str, str], *, hit: bool) -> None:
    faults = Faults()
    fault = faults.start(kind="throttle", **parts)

    hitting = faults.hitting(regions=("us-east-1", "us-west-2"), service="dynamodb", operation="PutItem")

    assert hitting == ((fault,) if hit else ())


def test_a_fault_of_an_operation_spares_a_request_that_names_none() -> None:
    faults = Faults()
    faults.start(kind="throttle", **PUT)

    assert faults.hitting(regions=("us-east-1",), service="dynamodb", operation=None) == ()


def test_a_fault_ends_by_its_id() -> None:
    faults = Faults()
    first = faults.start(kind="throttle", region="us-east-1")
    second = faults.start(kind="errors")

    faults.end(first.id)

    assert faults.in_force() == (second,)
    with pytest.raises(UnknownFaultError, match=r"^no fault 1\. In force: 2\.$"):
        faults.end(first.id)


def test_a_fault_has_the_defaults_of_what_was_left_out() -> None:
    fault = Faults().start(kind="reset", service="s3")

    assert fault.as_json() == {"id": 1, "kind": "reset", "service": "s3", "when": "before"}


def test_only_a_lost_region_is_down() -> None:
    faults = Faults()
    faults.start(kind="errors", region="us-east-1")
    faults.start(kind="region-lost", region="us-west-2")

    assert (faults.is_down("us-east-1"), faults.is_down("us-west-2")) == (False, True)


@pytest.mark.parametrize(
    ("source", "target", "stops"),
    [
        ("us-east-1", "us-west-2", True),
        ("us-west-2", "us-east-1", False),
        ("us-east-1", "eu-west-1", False),
    ],
    ids=["its way", "the way back", "another region"],
)
def test_replication_is_stopped_in_one_direction(source: str, target: str, *, stops: bool) -> None:
    faults = Faults()
    faults.start(kind="replication-stopped", service="dynamodb", source="us-east-1", target="us-west-2")

    assert faults.stops_replication("dynamodb", source, target) is stops
    assert faults.stops_replication("s3", source, target) is False
    assert faults.hitting(regions=(source,), service="dynamodb", operation="PutItem") == ()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, 'fault: \'kind\' is required: "region-lost" or "throttle"'),
        ({"kind": "trottle"}, "fault: unknown kind 'trottle'. Did you mean 'throttle'?"),
        ({"kind": "hang"}, "fault: unknown kind 'hang'. Known: 'region-lost', 'throttle'"),
        ({"kind": ["throttle"]}, "got ['throttle']."),
        (
            {"kind": "throttle", "servce": "s3"},
            "fault 'throttle': unknown field 'servce'. Did you mean 'service'?",
        ),
        (
            {"kind": "throttle", "seconds": 1},
            "fault 'throttle': unknown field 'seconds'. Known: 'region', 'service', 'operation'.",
        ),
        (
            {"kind": "throttle", "region": "us-wets-2"},
            "fault 'throttle': unknown region 'us-wets-2'. Did you mean 'us-west-2'?",
        ),
        ({"kind": "throttle", "region": "nowhere"}, "fault 'throttle': unknown region 'nowhere'."),
        (
            {"kind": "throttle", "region": None},
            "fault 'throttle': 'region' must be the name of a region; got None.",
        ),
        (
            {"kind": "throttle", "service": "monitoring"},
            "fault 'throttle': unknown service 'monitoring'. Did you mean 'cloudwatch'?",
        ),
        (
            {"kind": "throttle", "service": "DynamoDb"},
            "fault 'throttle': unknown service 'DynamoDb'. Did you mean 'dynamodb'?",
        ),
        (
            {"kind": "throttle", "service": "ec2"},
            "fault 'throttle': the embedded AWS does not model the service 'ec2'.",
        ),
        (
            {"kind": "throttle", "operation": "PutItem"},
            "fault 'throttle': 'operation' requires 'service'.",
        ),
        (
            {"kind": "throttle", "service": "dynamodb", "operation": "put_item"},
            "fault 'throttle': unknown operation of dynamodb 'put_item'. Did you mean 'PutItem'?",
        ),
        (
            {"kind": "throttle", "service": "dynamodb", "operation": "Invoke"},
            "fault 'throttle': unknown operation of dynamodb 'Invoke'.",
        ),
        (
            {"kind": "throttle", "service": "dynamodb", "operation": "ListBackups"},
            (
                "fault 'throttle': the embedded AWS does not model dynamodb:ListBackups "
                "(backups and restores of tables)."
            ),
        ),
        ({"kind": "latency"}, "fault 'latency': 'seconds' is required: a number of seconds, above 0"),
        ({"kind": "latency", "seconds": 0}, "above 0 and at most 900; got 0."),
        ({"kind": "latency", "seconds": 901}, "above 0 and at most 900; got 901."),
        ({"kind": "latency", "seconds": "1"}, "above 0 and at most 900; got '1'."),
        ({"kind": "latency", "seconds": True}, "above 0 and at most 900; got True."),
        ({"kind": "latency", "seconds": float("nan")}, "above 0 and at most 900; got nan."),
        ({"kind": "latency", "seconds": 10**5000}, "above 0 and at most 900; got <int>."),
        ({"kind": "reset", "when": "affter"}, "fault 'reset': unknown when 'affter'. Did you mean 'after'?"),
        ({"kind": "region-lost"}, "fault 'region-lost': 'region' is required: the name of a region."),
        (
            {"kind": "region-lost", "region": "us-east-1", "how": "blackhole"},
            "fault 'region-lost': unknown how 'blackhole'. Known: 'reset', 'errors'.",
        ),
        (
            {
                "kind": "replication-stopped",
                "service": "s3",
                "source": "us-east-1",
                "target": "us-east-1",
            },
            "fault 'replication-stopped': 'source' and 'target' must be different regions.",
        ),
    ],
)
def test_a_word_that_would_have_no_effect_is_refused_with_the_nearest(
    body: dict[str, Any], words: str
) -> None:
    faults = Faults()

    with pytest.raises(FieldError) as raised:
        faults.start(**body)

    assert words in str(raised.value)
    assert faults.in_force() == ()


def test_every_kind_that_hits_requests_is_carried_out() -> None:
    assert set(EFFECTS) == {kind.name for kind in KINDS if kind.hits is not Hits.REPLICATION}


def client(process: EmbeddedProcess, service: str, region: str = "us-east-1") -> Any:
    make: Any = boto3.client
    return make(
        service,
        region_name=region,
        endpoint_url=process.endpoint,
        aws_access_key_id=ADMIN_ACCESS_KEY_ID,
        aws_secret_access_key=ADMIN_SECRET_ACCESS_KEY,
        config=Config(retries={"total_max_attempts": 1, "mode": "standard"}),
    )


def status_of(sender: Any, operation: str) -> int:
    """Send an operation without parameters and return the status of the answer."""
    try:
        answer = sender._make_api_call(operation, {})
    except ClientError as error:
        answer = error.response
    return int(answer["ResponseMetadata"]["HTTPStatusCode"])


@pytest.mark.parametrize("service", SERVICES, ids=[each.name for each in SERVICES])
def test_a_fault_on_a_service_hits_it_by_boto3s_name_and_its_operation(
    process: EmbeddedProcess, control: Control, service: Service
) -> None:
    sender = client(process, service.name)
    model = sender.meta.service_model
    shapes = {name: model.operation_model(name).input_shape for name in sorted(service.coverage.modelled)}
    operation = next(name for name, shape in shapes.items() if shape is None or not shape.required_members)

    statuses = [status_of(sender, operation)]
    for parts in ({"service": service.name}, {"service": service.name, "operation": operation}):
        fault = control.start_fault("errors", **parts)
        statuses.append(status_of(sender, operation))
        control.end_fault(fault)
    statuses.append(status_of(sender, operation))

    assert statuses[1:3] == [500, 500]
    assert 500 not in (statuses[0], statuses[3])


def test_a_fault_on_streams_spares_the_tables(process: EmbeddedProcess, control: Control) -> None:
    control.start_fault("errors", service="dynamodbstreams")

    assert client(process, "dynamodb").list_tables()["TableNames"] == []


def test_a_region_lost_by_errors_is_unavailable(process: EmbeddedProcess, control: Control) -> None:
    control.start_fault("region-lost", region="us-east-1", how="errors")

    with pytest.raises(ClientError) as raised:
        client(process, "dynamodb").list_tables()

    body = raised.value.response
    assert (body["Error"]["Code"], body["ResponseMetadata"]["HTTPStatusCode"]) == ("ServiceUnavailable", 503)
    assert client(process, "dynamodb", "us-west-2").list_tables()["TableNames"] == []


@pytest.mark.parametrize(("when", "names"), [("before", []), ("after", ["made"])])
def test_a_request_is_reset_before_or_after_it_takes_effect(
    process: EmbeddedProcess, control: Control, when: str, names: list[str]
) -> None:
    fault = control.start_fault("reset", service="s3", operation="CreateBucket", when=when)

    with pytest.raises(ConnectionClosedError):
        client(process, "s3").create_bucket(Bucket="made")

    control.end_fault(fault)
    assert [bucket["Name"] for bucket in client(process, "s3").list_buckets()["Buckets"]] == names


def test_a_delay_ends_with_its_fault(process: EmbeddedProcess, control: Control) -> None:
    fault = control.start_fault("latency", service="sts", seconds=900)
    with ThreadPoolExecutor(1) as threads:
        delayed = threads.submit(client(process, "sts").get_caller_identity)
        control.end_fault(fault)

        assert delayed.result(60)["Account"] == "123456789012"
