"""Every service of the embedded AWS is whole: what is left out of one is named."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa.embedded.patches import Patch
from qa.embedded.service.coverage import coverage
from qa.embedded.service.declaration import Service, service_named
from qa.embedded.service.resource_types import (
    NAME,
    ApiCall,
    Json,
    ResourceType,
    Subject,
    prop,
    request,
    steps,
)
from qa.embedded.service.rights import each, everywhere
from qa.embedded.services import SERVICES

from .contract import PARTS, WITHOUT_CLIENT, WITHOUT_EVIDENCE, forgotten, package_of, undeclared

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

SECRET = ResourceType(
    name="AWS::SecretsManager::Secret",
    service="secretsmanager",
    named_by="Name",
    create=request("CreateSecret", "Description", Name=NAME),
    delete=(request("DeleteSecret", SecretId=NAME),),
)
OPERATIONS = "GetCallerIdentity AssumeRole"
REFUSED = (
    "AssumeRoleWithSAML AssumeRoleWithWebIdentity AssumeRoot DecodeAuthorizationMessage GetAccessKeyInfo "
    "GetDelegatedAccessToken GetFederationToken GetSessionToken GetWebIdentityToken"
)
WHOLE = Service(
    name="sts",
    coverage=coverage(OPERATIONS, refused={"all else": REFUSED}),
    rights=each(OPERATIONS, everywhere("sts")),
)


class Thing:
    """Stands for a class of moto."""

    def read(self, key: str) -> str:
        return key


MOVED = Patch(owner=Thing, name="read", parameters="self", around=lambda original, _: original)


def sts(operation: str) -> ResourceType:
    return ResourceType(
        name="AWS::SNS::Topic",
        service="sts",
        create=request(operation, Name=prop("TopicName"), Label=prop("Label")),
    )


def test_nothing_is_forgotten_of_any_service() -> None:
    assert forgotten(SERVICES) == ()


def test_a_resource_type_without_its_service_is_named_with_what_is_missing() -> None:
    sqs = service_named(SERVICES, "sqs")
    assert sqs is not None
    half = replace(sqs, resource_types=(*sqs.resource_types, SECRET))

    lines = forgotten([half, *(service for service in SERVICES if service is not sqs)])

    assert lines == tuple(
        f"{SECRET.name}: sends secretsmanager:{operation}, and qa/embedded/services.py has no secretsmanager"
        for operation in ("CreateSecret", "DeleteSecret")
    )


def test_a_service_of_little_more_than_a_name_is_named_with_all_that_is_missing() -> None:
    half = Service(
        name="secretsmanager",
        coverage=coverage("CreateSecret", refused={"all else": "DeleteSecret"}),
        resource_types=(SECRET,),
    )

    lines = forgotten([half])

    unclassified = [line for line in lines if "says nothing of" in line]
    assert "secretsmanager: coverage.py says nothing of GetSecretValue" in unclassified
    assert [line for line in lines if line not in unclassified] == [
        "secretsmanager: rights.py has no rights for CreateSecret",
        "secretsmanager: qa/stack/clients.py has no client",
        "secretsmanager: qa/live/evidence/services.py has no collector",
        "AWS::SecretsManager::Secret: sends secretsmanager:DeleteSecret, which is not modelled",
    ]


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (lambda: WHOLE, ()),
        (
            lambda: replace(WHOLE, coverage=coverage(OPERATIONS, refused={"all else": REFUSED[19:]})),
            ("sts: coverage.py says nothing of AssumeRoleWithSAML",),
        ),
        (
            lambda: replace(WHOLE, coverage=coverage(OPERATIONS, refused={"all": f"{REFUSED} Teleport"})),
            ("sts: coverage.py names an unknown operation Teleport",),
        ),
        (
            lambda: replace(WHOLE, rights=each("AssumeRole", everywhere("sts"))),
            ("sts: rights.py has no rights for GetCallerIdentity",),
        ),
        (
            lambda: replace(WHOLE, signing_name="tokens"),
            ("sts: its requests are signed for 'sts', declared as 'tokens'",),
        ),
        (
            lambda: replace(WHOLE, patches=(MOVED,)),
            (f"sts: patch of moto: {MOVED} has parameters (self, key), expected (self)",),
        ),
        (
            lambda: replace(WHOLE, resource_types=(sts("AssumeRoot"),)),
            (
                "AWS::SNS::Topic: its schema has no property Label",
                "AWS::SNS::Topic: sends sts:AssumeRoot, which is not modelled",
            ),
        ),
        (lambda: replace(WHOLE, name="tokens"), ("tokens: boto3 has no service of this name",)),
    ],
    ids=["whole", "coverage", "operation", "rights", "scope", "patch", "type", "name"],
)
def test_each_part_that_is_left_out_is_named(change: Callable[[], Service], lines: tuple[str, ...]) -> None:
    assert forgotten([change()]) == lines


def test_the_contracts_of_imports_name_every_service() -> None:
    settings = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    contracts = {each["name"]: each for each in settings["tool"]["importlinter"]["contracts"]}
    packages = {f"qa.embedded.{package_of(service.name)}" for service in SERVICES}

    apart = contracts["a service of the embedded AWS imports no other service"]
    below = contracts["judge, wire and what services say of themselves import no service"]
    face = contracts["of KMS, which keeps the keys of the others, a service imports the face alone"]
    assert set(apart["source_modules"]) == set(below["forbidden_modules"]) == packages
    assert set(apart["forbidden_modules"]) == set(face["source_modules"]) == packages - {"qa.embedded.kms"}


def test_only_services_go_without_a_client_or_evidence() -> None:
    names = {service.name for service in SERVICES}

    assert (WITHOUT_CLIENT.keys() - names, WITHOUT_EVIDENCE.keys() - names) == (set(), set())


def test_all_that_a_package_has_is_declared() -> None:
    assert undeclared(SERVICES) == ()


def test_a_package_that_the_list_of_services_lacks_is_named() -> None:
    without = [service for service in SERVICES if service.name != "ssm"]

    assert undeclared(without) == ("ssm: qa/embedded/services.py does not list qa.embedded.ssm",)


@pytest.mark.parametrize("part", sorted(PARTS.keys() - {"coverage", "policy_of"}))
def test_a_part_that_the_declaration_leaves_out_is_named(part: str) -> None:
    whole = service_named(SERVICES, "ssm")
    assert whole is not None
    bare = Service(name="ssm", coverage=whole.coverage)

    lines = undeclared([replace(whole, **{part: getattr(bare, part)})])

    module, value = PARTS[part]
    where = f"qa.embedded.ssm.{module}" if module else "qa.embedded.ssm"
    assert f"ssm: declaration.py leaves out {value} of {where}" in lines


def test_what_templates_read_by_a_name_has_to_be_modelled() -> None:
    whole = service_named(SERVICES, "ssm")
    assert whole is not None
    half = replace(whole, coverage=coverage("PutParameter", refused={"all else": "GetParameters"}))

    lines = [line for line in forgotten([half]) if "sends ssm:GetParameters," in line]

    assert lines == [
        "AWS::SSM::Parameter: sends ssm:GetParameters, which is not modelled",
        "{{resolve:ssm:…}}: sends ssm:GetParameters, which is not modelled",
        *(f"{kind}: sends ssm:GetParameters, which is not modelled" for kind in whole.parameter_types),
    ]


def test_a_step_sends_only_what_it_declares() -> None:
    def run(_: Subject) -> Generator[ApiCall, Json, None]:
        yield ApiCall(operation="AssumeRole", parameters={})
        yield ApiCall(operation="AssumeRoot", parameters={})

    topic = Subject(account_id="1", region="us-east-1", name="topic", properties={})
    calls = steps(run, sends="AssumeRole")(topic)

    assert next(calls).operation == "AssumeRole"
    with pytest.raises(ValueError, match="sends AssumeRoot, declared: AssumeRole"):
        calls.send({})
