"""The page that explains what a person sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from .test_credentials import REFUSALS

PAGE = Path(__file__).parents[3] / "docs/troubleshooting.md"
TOLD = (
    *REFUSALS,
    "no stack outputs",
    "is no flat JSON object of texts",
    "is about target",
    "is of account",
    "of region",
    "Did you mean",
    "No space left on device",
    "Read-only file system",
    "not JSON",
    "a template is an object, and this is a list.",
    "duplicate key",
    "CloudFormation takes 51,200 in a request",
    "no credentials",
    "but AWS_ENDPOINT_URL is",
    "Address already in use",
    "no Node and AWS SDK for Lambda functions",
    "the packages of requirements.lock could not be installed",
    "the AWS SDK for Lambda functions could not be installed",
    "answers no more.",
    "Ctrl-C in a test run",
    "may not be touched",
    "requests and sends no more",
    "there is no command 'deplo'. Did you mean 'deploy'?",
    "there is no option",
    "expected a number of hours, 0 or more",
    "unknown key 'tempalte' in [tool.qa] of",
    "in [tool.qa.regions] of",
    "is no record that this version wrote: look at",
    "which is about it, cannot be removed",
    "the response is not from AWS",
    "a key stands in it twice",
    "Is a directory",
    "failed with ECONNREFUSED",
    "the run's folder",
)


@pytest.mark.parametrize("words", TOLD)
def test_the_page_explains_what_a_person_sees(words: str) -> None:
    assert words in PAGE.read_text(encoding="utf-8")
