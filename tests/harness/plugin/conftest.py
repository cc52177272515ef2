"""A project that is not TapStack: one topic in two regions, and live tests of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = """
[tool.qa]
template = "stack.json"
stack-name-prefix = "Topics"
live-tests = ["tests/live"]

[tool.qa.regions]
primary = "us-east-1"
secondary = "us-west-2"

[[tool.qa.deploy.step]]
region = "primary"

[[tool.qa.deploy.step]]
region = "secondary"
"""

TEMPLATE = {
    "Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "alerts"}}},
    "Outputs": {"TopicName": {"Value": {"Fn::GetAtt": ["Topic", "TopicName"]}}},
}

CHECKS = """
import pytest
from qa.errors import ProbeError

@pytest.mark.qa_check("G1", "both")
def test_each_region_has_the_topic(qa_clients, qa_live, qa_in_each_region):
    def check(region):
        topics = qa_clients.sns(region).list_topics()["Topics"]
        assert [each["TopicArn"].split(":")[3] for each in topics] == [region]
    qa_in_each_region(check)

@pytest.mark.qa_check("G2", "primary")
def test_what_was_prepared_reaches_the_check(qa_live, qa_measure):
    qa_measure("rpo", 0.25)
    assert qa_live.prepared == {"number": 42}
"""

PREPARING = """
def pytest_qa_prepare(live, clients):
    return {"number": 42}
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> Path:
    pytester.makepyprojecttoml(SETTINGS)
    (pytester.path / "stack.json").write_text(json.dumps(TEMPLATE))
    tests = pytester.path / "tests" / "live"
    tests.mkdir(parents=True)
    (tests / "conftest.py").write_text(PREPARING)
    (tests / "test_topics.py").write_text(CHECKS)
    return pytester.path
