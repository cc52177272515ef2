"""Ready checks as a person has them: one line each in a test file, run by pytest."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from .stack import write_project

if TYPE_CHECKING:
    from pathlib import Path

CHECKS = """\
from qa.resilience import table_replicates

test_orders = table_replicates("OrdersTable", rpo=5)

test_elsewhere = table_replicates("OrderTable", check="E1")
test_three_regions = table_replicates("OrdersTable", regions=("eu-west-1", "us-east-1"))
"""


def live_run(root: Path, *arguments: str) -> str:
    """Run pytest on the project's live tests and return what it printed."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "tests/live", "-p", "no:cacheprovider", *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    ).stdout


def test_one_line_is_one_test_and_its_failure_stands_at_that_line(tmp_path: Path) -> None:
    write_project(tmp_path)
    tests = tmp_path / "tests" / "live"
    tests.mkdir(parents=True)
    (tests / "test_orders.py").write_text(CHECKS)

    result = live_run(tmp_path)

    assert "1 passed" in result
    shown = " ".join(result.split())
    assert '> test_three_regions = table_replicates("OrdersTable", regions=(' in shown
    assert (
        "AssertionError: OrdersTable (orders) in eu-west-1: found no replica in us-east-1, expected a "
        "replica in each of eu-west-1, us-east-1. Add the replica"
    ) in result
    assert "no AWS::DynamoDB::Table 'OrderTable' in eu-west-1, eu-central-1. Did you mean 'Orders" in result
    assert "qa/resilience/" not in result
    assert sorted(line.split()[:2] for line in result.splitlines() if line.startswith(("E1 ", "Q2 "))) == [
        ["E1", "elsewhere"],
        ["Q2", "orders"],
        ["Q2", "three"],
    ]
