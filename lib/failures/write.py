"""Write one template per failure of the failure analysis, each the design with that one thing broken.

`original.json` holds all six together, written by hand after the analysis' description; only its layout is
kept here. --check compares and writes nothing.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib.embed import laid_out

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).resolve().parent
TEMPLATE = HERE.parent / "TapStack.json"
ORIGINAL = "original.json"


def main(arguments: list[str]) -> int:
    """Write the templates, or compare them (--check); 0 done or equal, 1 different, 2 usage."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("usage: python -m lib.failures.write [--check]\n")
        return 2
    stale = {name: text for name, text in expected_files().items() if _text_of(name) != text}
    for name, text in stale.items():
        if arguments:
            sys.stderr.write(f"failures/{name} is not up to date: run python -m lib.failures.write\n")
        else:
            (HERE / name).write_text(text, encoding="utf-8")
    return 1 if arguments and stale else 0


def expected_files() -> dict[str, str]:
    """Return what each file of this folder must hold, by its name."""
    original = laid_out(json.loads((HERE / ORIGINAL).read_text(encoding="utf-8")))
    return {ORIGINAL: original, **{name: laid_out(broken(name)) for name in FAILURES}}


def broken(name: str) -> dict[str, Any]:
    """Return the design with one failure in it, by the name of its file."""
    template: dict[str, Any] = json.loads(TEMPLATE.read_text(encoding="utf-8"))
    FAILURES[name](template["Resources"])
    return template


def circular_dependency(resources: dict[str, Any]) -> None:
    """Failure 1: the key's policy names the role, whose rights name the key."""
    lambda_statement = _key_policy(resources)[1]
    lambda_statement["Principal"] = {"AWS": {"Fn::GetAtt": ["PrimaryLambdaExecutionRole", "Arn"]}}


def plain_table_with_replicas(resources: dict[str, Any]) -> None:
    """Failure 2: the table is a table of one region that lists replicas."""
    resources["TransactionsTable"]["Type"] = "AWS::DynamoDB::Table"


def reserved_concurrency(resources: dict[str, Any]) -> None:
    """Failure 3: the function takes 100 from the account's pool."""
    resources["PrimaryTransactionProcessor"]["Properties"]["ReservedConcurrentExecutions"] = 100


def deprecated_runtime(resources: dict[str, Any]) -> None:
    """Failure 4: the function runs on Node.js 18."""
    resources["PrimaryTransactionProcessor"]["Properties"]["Runtime"] = "nodejs18.x"


def key_without_dynamodb(resources: dict[str, Any]) -> None:
    """Failure 5: the key's policy admits Lambda and S3, not DynamoDB."""
    del _key_policy(resources)[2]


def key_named_for_global_table(resources: dict[str, Any]) -> None:
    """Failure 6: the global table is given the key of one region."""
    table = resources["TransactionsTable"]["Properties"]
    table["SSESpecification"]["KMSMasterKeyId"] = {"Ref": "PrimaryKMSKey"}


FAILURES: dict[str, Callable[[dict[str, Any]], None]] = {
    "1-circular-dependency.json": circular_dependency,
    "2-plain-table-with-replicas.json": plain_table_with_replicas,
    "3-reserved-concurrency.json": reserved_concurrency,
    "4-deprecated-runtime.json": deprecated_runtime,
    "5-key-without-dynamodb.json": key_without_dynamodb,
    "6-key-named-for-global-table.json": key_named_for_global_table,
}
"""The change that makes each failure, by the name of its template, in the order of the analysis."""


def _key_policy(resources: dict[str, Any]) -> list[dict[str, Any]]:
    statements: list[dict[str, Any]] = resources["PrimaryKMSKey"]["Properties"]["KeyPolicy"]["Statement"]
    return statements


def _text_of(name: str) -> str | None:
    path = HERE / name
    return path.read_text(encoding="utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
