"""Embed the processor's source into the template and lay the template out; --check only compares.

The template is JSON with short lists and objects on one line: it stays readable and below the
51,200 bytes that CloudFormation takes as a template body.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
TEMPLATE = HERE / "TapStack.json"
SOURCE = HERE / "transaction-processor.js"
COLUMNS = 100
INDENT = "  "


def main(arguments: list[str]) -> int:
    """Write the template, or compare it (--check); 0 done or equal, 1 different, 2 usage."""
    if arguments not in ([], ["--check"]):
        sys.stderr.write("usage: python lib/embed.py [--check]\n")
        return 2
    before = TEMPLATE.read_text(encoding="utf-8")
    after = laid_out(embedded(json.loads(before), SOURCE.read_text(encoding="utf-8")))
    if before == after:
        return 0
    if arguments:
        sys.stderr.write(
            f"{TEMPLATE.name} differs from {SOURCE.name} or from its layout: run python lib/embed.py\n"
        )
        return 1
    TEMPLATE.write_text(after, encoding="utf-8")
    return 0


def embedded(template: dict[str, Any], source: str) -> dict[str, Any]:
    """Return the template with `source` as the inline code of each Lambda function."""
    resources = {
        logical_id: _with_code(resource, source) for logical_id, resource in template["Resources"].items()
    }
    return {**template, "Resources": resources}


def laid_out(template: object) -> str:
    """Return `template` as JSON text that ends in a newline."""
    return _layout(template, depth=0, taken=0) + "\n"


def _with_code(resource: dict[str, Any], source: str) -> dict[str, Any]:
    if resource["Type"] != "AWS::Lambda::Function":
        return resource
    return {**resource, "Properties": {**resource["Properties"], "Code": {"ZipFile": source}}}


def _layout(value: object, *, depth: int, taken: int) -> str:
    """Lay out one value; `taken` counts what precedes it on its line and the comma that follows."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or len(line) + taken <= COLUMNS:
        return line
    inner = INDENT * (depth + 1)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    entries = [
        inner + name + _layout(entry, depth=depth + 1, taken=len(inner) + len(name) + 1)
        for name, entry in _entries(value)
    ]
    return opening + "\n" + ",\n".join(entries) + "\n" + INDENT * depth + closing


def _entries(value: dict[str, object] | list[object]) -> list[tuple[str, object]]:
    if isinstance(value, dict):
        return [(f"{json.dumps(name, ensure_ascii=False)}: ", entry) for name, entry in value.items()]
    return [("", entry) for entry in value]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
