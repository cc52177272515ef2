"""Code beside the template: packed, uploaded on deploy, run, removed on destroy."""

from __future__ import annotations

import io
import json
import os
import zipfile
from typing import TYPE_CHECKING

import pytest

from qa.errors import UsageError
from qa.stack import Clients, Deployment, Project, load_project, read_template
from qa.stack.assets import Assets
from qa.stack.deploy import deploy
from qa.stack.destroy import destroy
from qa.stack.packaging import packed
from qa.stack.progress import OperationBegan, OperationEnded

if TYPE_CHECKING:
    from pathlib import Path

    from qa.stack.progress import Progress

WEST, CENTRAL = "eu-west-1", "eu-central-1"
TEMPLATE = """
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      Handler: app.handler
      Role: !GetAtt Role.Arn
      Code: src/
Outputs:
  FunctionName: {Value: !Ref Function}
"""
HANDLER = "exports.handler = async () => require('./lib/answer.js')\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "qa.toml").write_text(
        'template = "app.yaml"\nregions = ["eu-west-1", "eu-central-1"]\ncapabilities = ["CAPABILITY_IAM"]\n'
    )
    (tmp_path / "app.yaml").write_text(TEMPLATE)
    (tmp_path / "src" / "lib").mkdir(parents=True)
    (tmp_path / "src" / "app.js").write_text(HANDLER)
    (tmp_path / "src" / "lib" / "answer.js").write_text("module.exports = 42\n")
    return load_project(tmp_path)


def names_in(package: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return opened.namelist()


def test_the_same_files_are_the_same_package_whenever_they_were_written(project: Project) -> None:
    first = packed(project.root / "src", what="Code")
    os.utime(project.root / "src" / "app.js", (0, 0))

    assert packed(project.root / "src", what="Code") == first


def test_caches_and_history_are_in_no_package(project: Project) -> None:
    for folder in ("__pycache__", ".git"):
        (project.root / "src" / folder).mkdir()
        (project.root / "src" / folder / "x").write_text("x")

    assert names_in(packed(project.root / "src", what="Code").content) == ["app.js", "lib/answer.js"]


def test_a_link_to_a_folder_above_is_no_endless_package(project: Project) -> None:
    (project.root / "src" / "lib" / "up").symlink_to(project.root / "src", target_is_directory=True)

    assert names_in(packed(project.root / "src", what="Code").content) == ["app.js", "lib/answer.js"]


def test_a_program_stays_one_that_can_be_run(project: Project) -> None:
    (project.root / "src" / "bootstrap").write_text("#!/bin/sh\n")
    (project.root / "src" / "bootstrap").chmod(0o755)

    with zipfile.ZipFile(io.BytesIO(packed(project.root / "src", what="Code").content)) as opened:
        modes = {each.filename: each.external_attr >> 16 & 0o777 for each in opened.infolist()}

    assert modes == {"app.js": 0o644, "bootstrap": 0o755, "lib/answer.js": 0o644}


def test_a_zip_is_taken_as_it_is(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "app.zip", "w") as package:
        package.writestr("app.js", HANDLER)

    assert packed(tmp_path / "app.zip", what="Code").content == (tmp_path / "app.zip").read_bytes()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            "src/",
            "Code of 'Function' names {}/gone, which is not there. Paths count from the template's folder.",
        ),
        ("empty", "Code of 'Function' names {}/empty, which holds no file."),
    ],
    ids=["not there", "empty"],
)
def test_code_that_is_not_there_is_refused_before_anything_is_done(
    project: Project, change: str, told: str
) -> None:
    (project.root / "empty").mkdir()
    name = "gone" if change == "src/" else change
    (project.root / "app.yaml").write_text(TEMPLATE.replace("Code: src/", f"Code: {name}"))

    with pytest.raises(UsageError) as refused:
        read_template(project.stacks[0].template)

    assert str(refused.value) == told.format(project.root)


class Desk:
    """A deployment of the project, and what the engine told."""

    def __init__(self, project: Project, clients: Clients, suffix: str) -> None:
        self.project = project
        self.deployment: Deployment = project.deployment({}, suffix=suffix)
        self.clients = clients
        self.told: list[Progress] = []

    def deploy(self) -> dict[str, str]:
        self.told.clear()
        path = self.project.root / "out" / "flat-outputs.json"
        outputs = deploy(self.project, self.deployment, self.clients, outputs_to=path, tell=self.told.append)
        return {region: outputs["app"][region]["FunctionName"] for region in (WEST, CENTRAL)}

    def answer(self, region: str, name: str) -> object:
        invoked = self.clients.lambda_(region).invoke(FunctionName=name)
        return json.loads(invoked["Payload"].read())

    @property
    def buckets(self) -> set[str]:
        assets = Assets(self.clients, self.deployment, dict.fromkeys((WEST, CENTRAL), "123456789012"))
        there = {each["Name"] for each in self.clients.s3(WEST).list_buckets()["Buckets"]}
        return there & {assets.bucket_name(region) for region in (WEST, CENTRAL)}


@pytest.fixture
def desk(project: Project, clients: Clients, unique: str) -> Desk:
    return Desk(project, clients, unique)


def test_a_function_of_a_local_folder_runs_in_every_region(desk: Desk) -> None:
    functions = desk.deploy()

    assert {region: desk.answer(region, name) for region, name in functions.items()} == {
        WEST: 42,
        CENTRAL: 42,
    }


def test_the_same_code_again_changes_nothing(desk: Desk) -> None:
    desk.deploy()

    desk.deploy()

    assert {each.outcome for each in desk.told if isinstance(each, OperationEnded)} == {"no changes"}


def test_changed_code_is_deployed(desk: Desk) -> None:
    desk.deploy()
    (desk.project.root / "src" / "lib" / "answer.js").write_text("module.exports = 43\n")

    functions = desk.deploy()

    began = [(each.verb, each.region) for each in desk.told if isinstance(each, OperationBegan)]
    assert (began, desk.answer(CENTRAL, functions[CENTRAL])) == ([("update", WEST), ("update", CENTRAL)], 43)


def test_packages_stay_for_a_roll_back_and_go_with_the_stacks(desk: Desk) -> None:
    desk.deploy()
    kept = len(desk.buckets)

    destroy(desk.project, desk.deployment, desk.clients)

    assert (kept, desk.buckets) == (2, set())


def test_a_bucket_that_is_named_is_used_and_stays(desk: Desk, unique: str) -> None:
    settings = desk.project.root / "qa.toml"
    settings.write_text(f'assets-bucket = "{unique}-{{region}}"\n' + settings.read_text())
    for region in (WEST, CENTRAL):
        desk.clients.s3(region).create_bucket(
            Bucket=f"{unique}-{region}",
            CreateBucketConfiguration={"LocationConstraint": region},  # type: ignore[typeddict-item]  # any
        )
    own = Desk(load_project(desk.project.root), desk.clients, unique)

    own.deploy()
    destroy(own.project, own.deployment, own.clients)

    kept = desk.clients.s3(WEST).list_objects_v2(Bucket=f"{unique}-{WEST}")["Contents"]
    assert [each["Key"].partition("/")[0] for each in kept] == ["qa-code"]


def test_a_bucket_that_is_named_and_not_there_is_not_made(desk: Desk, unique: str) -> None:
    settings = desk.project.root / "qa.toml"
    settings.write_text(f'assets-bucket = "{unique}"\n' + settings.read_text())
    own = Desk(load_project(desk.project.root), desk.clients, unique)

    with pytest.raises(UsageError) as refused:
        own.deploy()

    assert str(refused.value) == f"`assets-bucket` names {unique!r}, which is not there in eu-west-1."
