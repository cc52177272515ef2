"""What a run leaves behind: a folder that tells why it was red, and nothing when it was green."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.harness.plugin.conftest import CHECKS, SETTINGS, TEMPLATE

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["pytester"]

PREPARING = """
def pytest_qa_prepare(live, clients):
    return {"number": 42}

def pytest_qa_secrets():
    return ["account-[0-9]{6}"]
"""
RED = """
@pytest.mark.qa_check("G3", "secondary")
@pytest.mark.xdist_group("topics")
def test_the_topic_is_encrypted(qa_clients, qa_live):
    told = qa_clients.sns(qa_live.regions.secondary).list_topics()["Topics"]
    topic = qa_clients.sns(qa_live.regions.secondary).get_topic_attributes(TopicArn=told[0]["TopicArn"])
    print("opened for account-123456 with AKIAIOSFODNN7EXAMPLE")
    assert "KmsMasterKeyId" in topic["Attributes"], "account-123456 is not encrypted"
"""
TEST = "tests/live/test_topics.py::test_the_topic_is_encrypted"
FILES = ["junit.xml", "report.html", "report.json", "report.md"]


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    pytester.makepyprojecttoml(SETTINGS)
    (pytester.path / "stack.json").write_text(json.dumps(TEMPLATE))
    tests = pytester.path / "tests" / "live"
    tests.mkdir(parents=True)
    (tests / "conftest.py").write_text(PREPARING)
    (tests / "test_topics.py").write_text(CHECKS)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(pytester.path / "summary.md"))
    return pytester.path


def run_in(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "tests/live", "-p", "no:cacheprovider", *arguments],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_red_run_leaves_its_report_and_the_next_run_lets_it_be(project: Path) -> None:
    tests = project / "tests" / "live" / "test_topics.py"
    green = tests.read_text()
    tests.write_text(green + RED)

    answer = run_in(project, "-n", "2", "--dist", "loadgroup", "--junitxml=junit.xml")

    assert answer.returncode == 1, answer.stdout + answer.stderr
    (folder,) = (project / ".qa" / "runs").iterdir()
    assert sorted(path.name for path in folder.iterdir()) == FILES
    reproduce = f"python -m pytest {TEST} --target embedded --suffix dev"
    assert reproduce in answer.stdout
    assert f"report: .qa/runs/{folder.name}/report.html" in answer.stdout
    parsed = json.loads((folder / "report.json").read_text())
    (evidence,) = parsed["evidence"]
    assert (evidence["check"], evidence["nodeid"], evidence["reproduce"]) == ("G3", TEST, reproduce)
    assert [call["operation"] for call in evidence["calls"]] == ["ListTopics", "GetTopicAttributes"]
    assert [each["region"] for each in evidence["exhibits"] if "events" in each["title"]] == [
        "us-east-1",
        "us-west-2",
    ]
    assert [
        (each["region"], [node["logical_id"] for node in each["nodes"]]) for each in parsed["stacks"]
    ] == [
        ("us-east-1", ["Topic"]),
        ("us-west-2", ["Topic"]),
    ]
    written = [
        path.read_text() for path in (*folder.iterdir(), project / "junit.xml", project / "summary.md")
    ]
    for text in (*written, answer.stdout):
        assert "is not encrypted" in text
        assert "account-123456" not in text
        assert "AKIAIOSFODNN7EXAMPLE" not in text

    tests.write_text(green)
    assert run_in(project).returncode == 0
    assert [path.name for path in (project / ".qa" / "runs").iterdir()] == [folder.name]


def test_a_green_run_leaves_a_report_where_one_is_asked_for_and_a_step_summary(project: Path) -> None:
    answer = run_in(project, "--report", "reports")

    assert answer.returncode == 0, answer.stdout + answer.stderr
    (folder,) = (project / "reports").iterdir()
    assert sorted(path.name for path in folder.iterdir()) == FILES
    assert not any((project / ".qa" / "runs").iterdir())
    assert (project / "summary.md").read_text().startswith("## 2 checks: 2 green\n")


def test_a_check_that_could_not_find_out_has_evidence_too(project: Path) -> None:
    tests = project / "tests" / "live" / "test_topics.py"
    unknown = RED.replace('assert "KmsMasterKeyId" in topic["Attributes"], ', "raise ProbeError(")
    tests.write_text(tests.read_text() + unknown.replace('not encrypted"', 'not encrypted")'))

    answer = run_in(project)

    assert answer.returncode == 1, answer.stdout + answer.stderr
    (folder,) = (project / ".qa" / "runs").iterdir()
    parsed = json.loads((folder / "report.json").read_text())
    assert parsed["counts"] == {"green": 2, "unknown": 1}
    assert [each["words"] for each in parsed["evidence"]] == ["••• is not encrypted"]


def test_a_report_that_cannot_be_written_is_told_and_changes_no_verdict(project: Path) -> None:
    (project / "reports").write_text("a file where the folder belongs")

    answer = run_in(project, "--report", "reports")

    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "the report could not be written: " in answer.stdout
