"""The schemas that qa ships: what cfn-lint's say, in a fortieth of the room."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from qa import schemas
from qa.schemas import make

if TYPE_CHECKING:
    from pathlib import Path

ROOM = 1_500_000
"""Bytes of all files; cfn-lint's take 41 MB on disk."""


def test_the_files_are_those_that_cfn_lint_gives_today(tmp_path: Path) -> None:
    for path in schemas.DATA.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())

    assert make.write(tmp_path) == []  # else: python -m qa.schemas.make


def test_a_file_that_differs_is_made_again_and_a_foreign_one_goes(tmp_path: Path) -> None:
    make.write(tmp_path)
    table = tmp_path / schemas.service_file("AWS::DynamoDB::Table")
    made = table.read_bytes()
    foreign = (tmp_path / "AWS-Gone.json.gz", tmp_path / schemas.service_file("AWS::SQS::Queue"))
    foreign[0].write_bytes(foreign[1].read_bytes())
    table.write_bytes(foreign[1].read_bytes())

    assert make.write(tmp_path) == ["AWS-DynamoDB.json.gz", "AWS-Gone.json.gz"]
    assert table.read_bytes() == made
    assert not foreign[0].exists()


def test_all_files_together_are_small() -> None:
    assert sum(path.stat().st_size for path in schemas.DATA.iterdir()) < ROOM


def test_a_region_has_the_types_that_its_provider_list_names() -> None:
    source = make.source() / "schemas" / "providers"
    for region in ("us-east-1", "eu-central-2", "us-isob-east-1", "cn-north-1"):
        listed = json.loads((source / f"{region}.json").read_text(encoding="utf-8"))
        assert schemas.resource_types(region).keys() == listed.keys()


def test_an_unknown_region_has_no_types() -> None:
    assert schemas.resource_types("us-wets-2") == {}


def test_regions_are_those_of_aws_and_not_the_transform_of_sam() -> None:
    assert {"us-east-1", "us-gov-west-1", "cn-northwest-1", "eusc-de-east-1"} <= schemas.regions()
    assert "sam" not in schemas.regions()


@pytest.mark.parametrize("name", ["title", "description"])
def test_properties_that_are_called_like_prose_stay(name: str) -> None:
    schema = {"description": "goes", "properties": {name: {"type": "string", "description": "goes"}}}

    assert make.without_prose(schema) == {"properties": {name: {"type": "string"}}}
