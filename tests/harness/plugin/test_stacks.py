"""A live run with qa.toml: two stacks in three regions, seeded before the deployment."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from .test_live_run import live_run

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["pytester"]

SETTINGS = """
regions = ["eu-west-1", "eu-central-1", "us-east-1"]
live-tests = ["tests/live"]
[[stack]]
name = "topics"
template = "topics.json"
parameters = { Greeting = "{suffix}" }
[[stack]]
name = "queues"
template = "queues.yaml"
regions = ["eu-central-1"]
needs = ["topics"]
parameters = { Topic = { output = "TopicName", of = "topics" } }
"""
TOPICS = {
    "Parameters": {"Greeting": {"Type": "String"}},
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Ref": "Greeting"}}}},
    "Outputs": {
        "TopicName": {"Value": {"Fn::GetAtt": ["Topic", "TopicName"]}},
        "TopicArn": {"Value": {"Ref": "Topic"}},
    },
}
QUEUES = """
Parameters:
  Topic: {Type: String}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Ref Topic
Outputs:
  QueueName: {Value: !GetAtt Queue.QueueName}
"""
CHECKS = """
import pytest

@pytest.mark.qa_check("G1", "both")
def test_each_region_has_its_topic(qa_live, qa_in_each_region):
    def check(region):
        assert qa_live.outputs["topics"][region]["TopicArn"].split(":")[3] == region
    qa_in_each_region(check)

@pytest.mark.qa_check("G2", "secondary")
def test_the_second_region_has_the_queue(qa_live):
    assert qa_live.outputs["queues"]["eu-central-1"]["QueueName"] == qa_live.outputs["TopicName"] == "dev"

@pytest.mark.qa_check("G3", "primary")
def test_what_was_seeded_is_there(qa_clients, qa_live):
    listed = qa_clients.s3("eu-west-1").list_objects_v2(Bucket="seeded-dev")
    assert [each["Key"] for each in listed["Contents"]] == ["app.zip"]
"""
SEEDING = """
def pytest_qa_seed(clients, deployment):
    s3 = clients.s3("eu-west-1")
    bucket = f"seeded-{deployment.suffix}"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket=bucket, Key="app.zip", Body=b"zip")
"""


@pytest.fixture
def stacks(pytester: pytest.Pytester) -> Path:
    (pytester.path / "qa.toml").write_text(SETTINGS)
    (pytester.path / "topics.json").write_text(json.dumps(TOPICS))
    (pytester.path / "queues.yaml").write_text(QUEUES)
    tests = pytester.path / "tests" / "live"
    tests.mkdir(parents=True)
    (tests / "conftest.py").write_text(SEEDING)
    (tests / "test_stacks.py").write_text(CHECKS)
    return pytester.path


def test_a_run_of_two_stacks_in_three_regions_is_green_on_workers(stacks: Path) -> None:
    answer = live_run(stacks, "-n", "2")

    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "3 passed" in answer.stdout


def test_an_embedded_run_leaves_no_outputs(stacks: Path) -> None:
    live_run(stacks)

    assert list((stacks / "cfn-outputs").rglob("*.json")) == []


def test_a_seed_that_fails_ends_the_run_before_anything_is_deployed(stacks: Path) -> None:
    seeding = stacks / "tests" / "live" / "conftest.py"
    seeding.write_text(SEEDING.replace("seeded-{", "Not_A_Name-{"))

    answer = live_run(stacks)

    assert (answer.returncode, "InvalidBucketName" in answer.stdout + answer.stderr) == (2, True)
