"""cfn-lint's findings beside ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.checks import Finding, Severity
from qa.commands import cfn_lint
from qa.commands.cfn_lint import cfn_lint_findings
from qa.errors import QaError
from qa.template import Template, load_template

LIB = Path(__file__).parents[3] / "lib"
REGIONS = ("us-east-1", "us-west-2")


@pytest.fixture
def table_with_replicas() -> Template:
    return load_template(LIB / "failures" / "2-plain-table-with-replicas.json")


def test_a_finding_of_cfn_lint_has_its_rule_place_and_words(table_with_replicas: Template) -> None:
    found = cfn_lint_findings(table_with_replicas, REGIONS)

    assert [each for each in found if each.rule == "cfn-lint/E3002"] == [
        Finding(
            rule="cfn-lint/E3002",
            severity=Severity.ERROR,
            region=None,
            logical_id="TransactionsTable",
            path=("Resources", "TransactionsTable", "Properties", "Replicas"),
            message="Additional properties are not allowed ('Replicas' was unexpected)",
            actual=None,
            expected=found[0].expected,
            fix=found[0].fix,
            source=found[0].source,
        )
    ]


def test_a_cfn_lint_that_does_not_run_is_said(
    table_with_replicas: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cfn_lint, "RUN", "import sys; sys.exit('ImportError: no cfnlint')")

    with pytest.raises(QaError) as raised:
        cfn_lint_findings(table_with_replicas, REGIONS)

    assert str(raised.value).endswith(
        "2-plain-table-with-replicas.json: cfn-lint ended with 1 and said: ImportError: no cfnlint. "
        "Is it installed (`make setup`)?"
    )
