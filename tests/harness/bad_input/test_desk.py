"""A desk whose environment and files are set up for something else: an embedded run takes nothing of them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from qa.live.handover import EMBEDDED_CREDENTIALS as GIVEN

from .running import live_run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NOBODY = "http://127.0.0.1:9"
ASKING = """
import json, sys, urllib.request
from qa.stack import Clients, Credentials, Target, TargetKind

kind, endpoint, key_id, secret = sys.argv[1:]
given = Credentials(access_key_id=key_id, secret_access_key=secret) if kind == "embedded" else None
clients = Clients(Target(kind=TargetKind(kind), endpoint=endpoint, credentials=given))
s3, bucket = clients.s3("us-east-1"), "desk-" + sys.argv[3][-4:].lower()
s3.create_bucket(Bucket=bucket)
s3.put_object(Bucket=bucket, Key="k", Body=b"v" * 20_000)
clients.cloudwatch("us-west-2").put_metric_data(
    Namespace="Desk",
    MetricData=[{"MetricName": f"m{i}", "Value": 1.0, "Dimensions": []} for i in range(500)],
)
print(json.dumps({
    "object": s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"v" * 20_000,
    "account": clients.sts("us-west-2").get_caller_identity()["Account"],
    "tables": clients.dynamodb("us-west-2").list_tables()["TableNames"],
    "url": s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "k"}).split("?")[0],
    "attempts": clients.sqs("us-east-1").meta.config.retries["total_max_attempts"],
    "address": clients.kms("us-east-1").meta.endpoint_url,
}))
for each in s3.list_object_versions(Bucket=bucket)["Versions"]:
    s3.delete_object(Bucket=bucket, Key=each["Key"], VersionId=each["VersionId"])
s3.delete_bucket(Bucket=bucket)
"""
VARIABLES: Mapping[str, Mapping[str, str]] = {
    "proxies": {"HTTP_PROXY": NOBODY, "HTTPS_PROXY": NOBODY, "ALL_PROXY": NOBODY, "http_proxy": NOBODY},
    "a profile that does not exist": {"AWS_PROFILE": "nobody", "AWS_DEFAULT_PROFILE": "nobody"},
    "others' credentials": {
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_SESSION_TOKEN": "t",
    },
    "a certificate bundle": {"AWS_CA_BUNDLE": "/nowhere.pem", "REQUESTS_CA_BUNDLE": "/nowhere.pem"},
    "addresses": {"AWS_ENDPOINT_URL": NOBODY, "AWS_ENDPOINT_URL_S3": NOBODY, "AWS_ENDPOINT_URL_STS": NOBODY},
    "FIPS and dual stack": {"AWS_USE_FIPS_ENDPOINT": "true", "AWS_USE_DUALSTACK_ENDPOINT": "true"},
    "retries": {"AWS_RETRY_MODE": "adaptive", "AWS_MAX_ATTEMPTS": "1"},
    "a retry mode that does not exist": {"AWS_RETRY_MODE": "none"},
    "a defaults mode that does not exist": {"AWS_DEFAULTS_MODE": "none"},
    "compression and checksums": {
        "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES": "1",
        "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required",
        "AWS_RESPONSE_CHECKSUM_VALIDATION": "when_required",
    },
    "asymmetric signatures": {
        "AWS_AUTH_SCHEME_PREFERENCE": "sigv4a",
        "AWS_SIGV4A_SIGNING_REGION_SET": "*",
    },
    "another region": {"AWS_REGION": "eu-central-1", "AWS_DEFAULT_REGION": "eu-central-1"},
    "models of their own": {"AWS_DATA_PATH": "models"},
}
FILES: Mapping[str, str] = {
    "acceleration": "s3 =\n  use_accelerate_endpoint = true\n",
    "virtual addresses and dual stack": (
        "s3 =\n  addressing_style = virtual\n  use_dualstack_endpoint = true\nuse_dualstack_endpoint = true\n"
    ),
    "FIPS": "use_fips_endpoint = true\n",
    "an address": f"endpoint_url = {NOBODY}\n",
    "a role": "role_arn = arn:aws:iam::111122223333:role/x\nsource_profile = default\n",
    "a process": "credential_process = /nowhere\n",
    "retries": "retry_mode = none\nmax_attempts = many\n",
    "a certificate bundle": "ca_bundle = /nowhere.pem\n",
}
SHAPES_THE_ADDRESS = ("acceleration", "virtual addresses and dual stack", "FIPS", "an address")


def ask(endpoint: str, *, kind: str = "embedded") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", ASKING, kind, endpoint, GIVEN.access_key_id, GIVEN.secret_access_key],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def answered(done: subprocess.CompletedProcess[str]) -> object:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def at(endpoint: str) -> dict[str, object]:
    return {
        "object": True,
        "account": "123456789012",
        "tables": [],
        "url": f"{endpoint}/desk-{GIVEN.access_key_id[-4:].lower()}/k",
        "attempts": 5,
        "address": endpoint,
    }


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("variables", VARIABLES.values(), ids=VARIABLES)
def test_no_variable_reaches_the_clients_of_the_embedded_aws(
    endpoint: str, monkeypatch: pytest.MonkeyPatch, variables: Mapping[str, str]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert answered(ask(endpoint)) == at(endpoint)


@pytest.mark.parametrize("settings", FILES.values(), ids=FILES)
def test_no_file_reaches_the_clients_of_the_embedded_aws(project: Path, endpoint: str, settings: str) -> None:
    (project / "config").write_text(f"[default]\n{settings}")

    assert answered(ask(endpoint)) == at(endpoint)


def test_a_file_that_cannot_be_parsed_does_not_reach_the_embedded_aws(project: Path, endpoint: str) -> None:
    (project / "config").write_text("this is no file of settings")
    (project / "credentials").write_text("neither is this")

    assert answered(ask(endpoint)) == at(endpoint)


def test_a_model_in_the_users_home_does_not_reach_the_embedded_aws(
    project: Path, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = project / ".aws/models/s3/2999-01-01"
    model.mkdir(parents=True)
    (model / "service-2.json").write_text("{}")
    monkeypatch.setenv("HOME", str(project))

    assert answered(ask(endpoint)) == at(endpoint)


@pytest.mark.usefixtures("credentials")
@pytest.mark.parametrize("case", SHAPES_THE_ADDRESS)
def test_no_file_makes_another_address_of_an_endpoint(project: Path, endpoint: str, case: str) -> None:
    (project / "config").write_text(f"[default]\n{FILES[case]}")

    assert answered(ask(endpoint, kind="endpoint")) == at(endpoint)


@pytest.mark.usefixtures("credentials")
@pytest.mark.parametrize("case", ["proxies", "addresses", "FIPS and dual stack", "another region"])
def test_no_variable_makes_another_address_of_an_endpoint(
    endpoint: str, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    for name, value in VARIABLES[case].items():
        monkeypatch.setenv(name, value)

    assert answered(ask(endpoint, kind="endpoint")) == at(endpoint)


def test_an_embedded_run_is_green_at_a_desk_that_is_set_up_for_everything_else(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "config").write_text("[profile others]\n" + "".join(FILES.values()))
    for name, value in {k: v for each in VARIABLES.values() for k, v in each.items()}.items():
        monkeypatch.setenv(name, value)

    seen = live_run(project, "-n", "1")

    assert (seen.code, "2 passed" in seen.text) == (0, True), seen.text
