"""The stage of a pipeline: check the templates, then run the live checks on an embedded AWS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """A file that a pipeline runs."""

    path: str
    text: str
    is_program: bool = False
    note: str = ""


GITHUB = """\
name: qa
on: [push, pull_request]
permissions:
  contents: read
jobs:
  qa:
    runs-on: ubuntu-latest
    timeout-minutes: 20
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - uses: actions/cache@v4
        with:
          path: ~/.cache/qa
          key: qa-${{ runner.os }}
      - run: pip install 'qa-two-regions[embedded]'
      - run: qa setup
      - run: qa check --format github
      - run: python -m pytest tests/live -n 2 --dist loadgroup --junitxml=qa-junit.xml
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: qa
          path: |
            qa-junit.xml
            .qa/runs
          include-hidden-files: true
"""

GITLAB = """\
qa:
  image: python:3.12
  variables:
    QA_CACHE: $CI_PROJECT_DIR/.cache/qa
  cache:
    key: qa
    paths: [.cache/qa]
  script:
    - pip install 'qa-two-regions[embedded]'
    - qa setup
    - qa check
    - python -m pytest tests/live -n 2 --dist loadgroup --junitxml=qa-junit.xml
  artifacts:
    when: always
    paths: [qa-junit.xml, .qa/runs]
    reports:
      junit: qa-junit.xml
"""

SHELL = """\
#!/bin/sh
# Checks the templates, then deploys the stacks to an embedded AWS and runs the live checks. Needs no account.
set -eu
cd "$(dirname "$0")"
python3 -m venv .venv-qa
.venv-qa/bin/pip install --quiet 'qa-two-regions[embedded]'
.venv-qa/bin/qa setup
.venv-qa/bin/qa check
.venv-qa/bin/python -m pytest tests/live -n 2 --dist loadgroup --junitxml=qa-junit.xml
"""

PIPELINES: Mapping[str, Pipeline] = {
    "github": Pipeline(path=".github/workflows/qa.yml", text=GITHUB),
    "gitlab": Pipeline(
        path=".gitlab/qa.yml",
        text=GITLAB,
        note="include it in .gitlab-ci.yml: include: {local: .gitlab/qa.yml}",
    ),
    "shell": Pipeline(path="qa-stage.sh", text=SHELL, is_program=True),
}
