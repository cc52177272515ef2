"""What `qa doctor` says of a machine and a project, line by line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa.cli import main
from qa.doctor import Asked, Finding, Mark, examine, render
from tests.harness.bad_input.conftest import credentials, endpoint, project, refusing

if TYPE_CHECKING:
    from tests.harness.bad_input.refusing import RefusingAws

__all__ = ["credentials", "endpoint", "project", "refusing"]
ROOT = Path(__file__).parents[3]


def found(asked: Asked, start: Path, about: str, environ: dict[str, str] | None = None) -> list[Finding]:
    """Return what the doctor says of one thing."""
    return [each for each in examine(asked, environ=environ or {}, start=start) if each.about == about]


def at(url: str) -> Asked:
    return Asked(target="endpoint", endpoint_url=url)


def test_a_machine_that_is_set_up_is_well(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["doctor"])

    told = capsys.readouterr().out
    assert (code, told.splitlines()[-1]) == (0, "13 looked at, nothing to mend."), told
    assert [line for line in told.splitlines() if len(line) > 80] == []
    assert "\x1b" not in told


def test_something_to_mend_ends_with_1_and_how(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "stack.json").write_text("{ no")

    code = main(["doctor"])

    told = capsys.readouterr().out
    assert (code, told.splitlines()[-1]) == (1, "13 looked at, 1 to mend.")


def test_node_without_its_packages_is_found(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa.embedded.lambda_ import toolchain  # noqa: PLC0415 - its cache is cleared below

    monkeypatch.setenv("QA_NODE_CACHE", str(tmp_path / "none"))
    toolchain.find.cache_clear()

    told = found(Asked(), project, "Node's SDK")
    toolchain.find.cache_clear()

    home = tmp_path / "none" / toolchain.lock_digest()
    assert told == [
        Finding(
            about="Node's SDK",
            mark=Mark.WRONG,
            text=f"no AWS SDK for Lambda functions in {home}. Run `make setup`.",
            remedy="make setup",
        )
    ]


def test_a_template_that_is_broken_is_found(project: Path) -> None:
    (project / "stack.json").write_text("[]")

    assert found(Asked(), project, "template") == [
        Finding(
            about="template",
            mark=Mark.WRONG,
            text=f"{project / 'stack.json'}: a template is an object, and this is a list.",
        )
    ]


def test_a_folder_that_is_a_file_is_found(project: Path) -> None:
    (project / "cfn-outputs").touch()

    assert [each.mark for each in found(Asked(), project, "outputs to")] == [Mark.WRONG]


def test_a_folder_without_a_project_is_found(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.qa\n")

    assert [each.mark for each in found(Asked(), tmp_path, "project")] == [Mark.WRONG]


def test_the_target_aws_with_a_redirected_environment_is_found(project: Path) -> None:
    told = found(Asked(target="aws"), project, "target", {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"})

    assert [each.text for each in told] == [
        (
            "--target aws, but AWS_ENDPOINT_URL is 'http://127.0.0.1:1'. Unset it to mean the real AWS, "
            "or say --target endpoint to mean that address."
        )
    ]


def test_absent_credentials_are_found_without_a_request(project: Path) -> None:
    assert [each.text for each in found(Asked(target="aws"), project, "credentials")] == [
        (
            "whose credentials are these, at aws: no credentials. Set AWS_PROFILE, or paste the exports that "
            "`qa serve` prints."
        )
    ]


@pytest.mark.usefixtures("credentials")
def test_credentials_account_clock_and_absent_outputs_of_an_endpoint_are_told(
    project: Path, endpoint: str
) -> None:
    told = {each.about: each for each in examine(at(endpoint), environ={}, start=project)}

    assert told["credentials"].text == "account 123456789012, as arn:aws:iam::123456789012:user/administrator"
    assert (told["clock"].mark, "of the target's" in told["clock"].text) == (Mark.OK, True)
    assert told["outputs"] == Finding(
        about="outputs",
        mark=Mark.WRONG,
        text=f"no stack outputs {project / 'cfn-outputs/endpoint/flat-outputs.json'}. Deploy first "
        "(`make deploy`), or run `make outputs`.",
    )


@pytest.mark.usefixtures("credentials")
def test_a_clock_that_is_wrong_is_told_by_the_refusal(project: Path, refusing: RefusingAws) -> None:
    refusing.code, refusing.message = "SignatureDoesNotMatch", "Signature expired"
    refusing.date = "Mon, 01 Jan 2001 00:00:00 GMT"

    told = found(at(refusing.url), project, "clock")

    assert [(each.mark, each.remedy) for each in told][-1] == (
        Mark.WRONG,
        "set it: timedatectl set-ntp true",
    )
    assert told[-1].text.endswith(" s ahead of the target's")


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
