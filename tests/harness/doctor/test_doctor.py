"""What `qa doctor` says of a machine and a project, line by line."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa.cli import main
from qa.doctor import Finding, Mark, Request, examine, machine, render
from qa.stack import QueueEntry, RunAbout, run_at
from tests.harness.bad_input.conftest import credentials, endpoint, project, refusing

if TYPE_CHECKING:
    from tests.harness.bad_input.refusing import RefusingAws

__all__ = ["credentials", "endpoint", "project", "refusing"]
ROOT = Path(__file__).parents[3]


def found(request: Request, start: Path, about: str, environ: dict[str, str] | None = None) -> list[Finding]:
    """Return what the doctor says of one thing."""
    return [each for each in examine(request, environ=environ or {}, start=start) if each.about == about]


def at(url: str) -> Request:
    return Request(target="endpoint", endpoint_url=url)


def test_a_machine_that_is_set_up_is_well(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["doctor"])

    output = capsys.readouterr().out
    assert (code, output.splitlines()[-1]) == (0, "16 checks, no problems."), output
    assert [line for line in output.splitlines() if len(line) > 80] == []
    assert "\x1b" not in output


def test_something_to_mend_ends_with_1_and_how(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "stack.json").write_text("{ no")

    code = main(["doctor"])

    output = capsys.readouterr().out
    assert (code, output.splitlines()[-1]) == (1, "16 checks, 1 problem.")


def test_node_without_its_packages_is_found(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa.embedded.lambda_ import toolchain  # noqa: PLC0415 - its cache is cleared below

    monkeypatch.setenv("QA_CACHE", str(tmp_path / "none"))
    toolchain.find.cache_clear()

    findings = found(Request(), project, "Node")
    toolchain.find.cache_clear()

    home = tmp_path / "none" / "lambda" / toolchain.lock_digest()
    assert findings == [
        Finding(
            about="Node",
            mark=Mark.WRONG,
            text=f"no Node and AWS SDK for Lambda functions in {home}. Run `make setup`.",
            remedy="make setup",
        )
    ]


@pytest.mark.parametrize(
    ("free", "limit", "mark", "text"),
    [
        (8_000_000, "max", Mark.OK, "8,192 MB are free"),
        (400_000, "max", Mark.WRONG, "only 409 MB are free, and a run takes up to 600 MB"),
        (8_000_000, "500000000", Mark.WRONG, "only 400 MB are free, and a run takes up to 600 MB"),
    ],
    ids=["enough", "a full machine", "a small container"],
)
def test_too_little_memory_is_found(tmp_path: Path, free: int, limit: str, mark: Mark, text: str) -> None:
    (tmp_path / "meminfo").write_text(f"MemTotal: 9000000 kB\nMemAvailable:   {free} kB\n")
    (tmp_path / "memory.max").write_text(f"{limit}\n")
    (tmp_path / "memory.current").write_text("100000000\n")

    (findings,) = machine.memory(tmp_path / "meminfo", tmp_path)

    assert (findings.mark, findings.text) == (mark, text)


def test_a_system_that_tells_nothing_of_its_memory_is_no_fault(tmp_path: Path) -> None:
    (findings,) = machine.memory(tmp_path / "meminfo", tmp_path)

    assert findings == Finding(
        about="memory", mark=Mark.NOTE, text="this system does not report what is free; a run takes 600 MB"
    )


def test_what_a_broken_off_run_left_is_told_with_the_sweep_that_removes_it(project: Path) -> None:
    run = run_at(project, "qa-1f2e3d4c")
    run.begin(RunAbout(target="endpoint http://127.0.0.1:5", account="123456789012", stack_name="Topics-dev"))
    run.ledger.will_make(QueueEntry(region="us-east-1", queue_name="qa-1f2e3d4c"))

    assert found(Request(), project, "left behind") == [
        Finding(
            about="left behind",
            mark=Mark.NOTE,
            text="1 by qa-1f2e3d4c at endpoint http://127.0.0.1:5, account 123456789012",
            remedy=(
                "qa sweep --target endpoint --endpoint-url http://127.0.0.1:5 --run qa-1f2e3d4c --dry-run"
            ),
        )
    ]


def test_a_pipeline_gets_the_findings_as_data(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "stack.json").write_text("[]")

    code = main(["doctor", "--json"])

    output = json.loads(capsys.readouterr().out)
    assert (code, [each for each in output if each["mark"] == "wrong"]) == (
        1,
        [
            {
                "about": "template",
                "mark": "wrong",
                "text": f"{project / 'stack.json'}: a template is an object, and this is a list.",
                "remedy": None,
            }
        ],
    )


def test_a_template_that_is_broken_is_found(project: Path) -> None:
    (project / "stack.json").write_text("[]")

    assert found(Request(), project, "template") == [
        Finding(
            about="template",
            mark=Mark.WRONG,
            text=f"{project / 'stack.json'}: a template is an object, and this is a list.",
        )
    ]


def test_a_folder_that_is_a_file_is_found(project: Path) -> None:
    (project / "cfn-outputs").touch()

    assert [each.mark for each in found(Request(), project, "outputs to")] == [Mark.WRONG]


def test_a_disk_with_too_little_room_is_found(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "ROOM", 10**18)

    (findings,) = found(Request(), project, "runs to")

    assert (findings.mark, findings.remedy) == (Mark.WRONG, "free some space: make clean")
    assert re.fullmatch(rf"{re.escape(str(project))} has only \d+ MB left", findings.text)


def test_a_folder_without_a_project_is_found(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.qa\n")

    assert [each.mark for each in found(Request(), tmp_path, "project")] == [Mark.WRONG]


def test_the_target_aws_with_a_redirected_environment_is_found(project: Path) -> None:
    findings = found(Request(target="aws"), project, "target", {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"})

    assert [each.text for each in findings] == [
        (
            "--target aws, but AWS_ENDPOINT_URL is 'http://127.0.0.1:1'. Unset it to mean the real AWS, "
            "or say --target endpoint to mean that address."
        )
    ]


def test_absent_credentials_are_found_without_a_request(project: Path) -> None:
    assert [each.text for each in found(Request(target="aws"), project, "credentials")] == [
        (
            "cannot identify the caller at aws: no credentials. Set AWS_PROFILE, or paste the exports that "
            "`qa serve` prints."
        )
    ]


@pytest.mark.usefixtures("credentials")
def test_credentials_account_clock_and_absent_outputs_of_an_endpoint_are_told(
    project: Path, endpoint: str
) -> None:
    findings = {each.about: each for each in examine(at(endpoint), environ={}, start=project)}

    assert (
        findings["credentials"].text
        == "account 123456789012, as arn:aws:iam::123456789012:user/administrator"
    )
    assert (findings["clock"].mark, "of the target's" in findings["clock"].text) == (Mark.OK, True)
    assert findings["outputs"] == Finding(
        about="outputs",
        mark=Mark.WRONG,
        text=f"no stack outputs {project / 'cfn-outputs/endpoint/flat-outputs.json'}. Deploy first "
        "(`make deploy`), or run `make outputs`.",
    )


@pytest.mark.usefixtures("credentials")
def test_a_clock_that_is_wrong_is_told_by_the_refusal(project: Path, refusing: RefusingAws) -> None:
    refusing.code, refusing.message = "SignatureDoesNotMatch", "Signature expired"
    refusing.date = "Mon, 01 Jan 2001 00:00:00 GMT"

    findings = found(at(refusing.url), project, "clock")

    assert [(each.mark, each.remedy) for each in findings][-1] == (
        Mark.WRONG,
        "set it: timedatectl set-ntp true",
    )
    assert findings[-1].text.endswith(" s ahead of the target's")


def test_the_doctor_works_where_set_up_never_ran() -> None:
    """-S keeps every installed package out, as in a fresh clone."""
    code = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); from qa.cli import main; sys.exit(main(['doctor']))"
    )

    done = subprocess.run(
        [sys.executable, "-S", "-I", "-c", code, str(ROOT)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (1, "")
    assert "wrong packages    qa itself is not installed in this Python\n               -> make setup\n" in (
        done.stdout
    )


def test_colours_mark_only_the_first_word() -> None:
    findings = [Finding(about="ports", mark=Mark.WRONG, text="none", remedy="look")]

    assert render(findings, colours=True).splitlines()[:2] == [
        "\x1b[1;31mwrong \x1b[0mports       none",
        "               -> look",
    ]
