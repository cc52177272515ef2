"""What we say of schemas, cfn-lint says too: no false alarm on generated templates."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from cfnlint.api import lint
from cfnlint.config import ManualArgs

from qa.checks import check
from qa.template import template_of
from tests.harness.checks import generated

RULES = {
    "unknown-type": "E3006",
    "unknown-property": "E3002",
    "missing-property": "E3003",
    "wrong-type": "E3012",
    "wrong-value": "E3030",
}


def _ours(template: dict[str, Any]) -> set[tuple[str, tuple[Any, ...]]]:
    findings = check(template_of(template), regions=[generated.REGION], select=list(RULES))
    return {_place(RULES[finding.rule], finding.path) for finding in findings}


def _theirs(template: dict[str, Any]) -> set[tuple[str, tuple[Any, ...]]]:
    matches: Any = lint(json.dumps(template), config=ManualArgs(regions=[generated.REGION]))
    # cfn-lint names the object that lacks a property, we the property
    return {
        _place(match.rule.id, (*match.path, "lacking") if match.rule.id == "E3003" else match.path)
        for match in matches
    }


def _place(rule: str, path: Any) -> tuple[str, tuple[Any, ...]]:
    return rule, tuple(path)[:-1] if rule == "E3003" else tuple(path)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_we_find_cfn_lint_finds(seed: int) -> None:
    template = generated.template(Random(seed), 25)  # noqa: S311 - no secret

    ours = _ours(template)

    assert ours - _theirs(template) == set()
    assert len(ours) > 3
