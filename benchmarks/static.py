"""What needs no AWS: the plugin's import, the 75 static checks, reading the template."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from qa.template import evaluate, graph, load_template

from .figures import Figure, Samples
from .measuring import ROOT, in_turns, outside_make, run, seconds_of

TEMPLATE = ROOT / "lib" / "TapStack.json"
KEY_ARN = "arn:aws:kms:us-east-1:123456789012:key/mrk-00000000000000000000000000000000"
CFN_LINT = (Path(sys.executable).with_name("cfn-lint"), TEMPLATE)
LINT = "one cfn-lint process"

IMPORTS = """
import json, time
begun = time.perf_counter()
import pytest
between = time.perf_counter()
import qa.plugin, qa.live.hooks, qa.live.detect
print(json.dumps([between - begun, time.perf_counter() - between]))
"""


def plugin_import() -> tuple[Figure, ...]:
    """What the plugin imports in a run that is not live, after pytest itself, in fresh interpreters."""
    pairs = [json.loads(run([sys.executable, "-c", IMPORTS])) for _ in range(21)]
    bare, added = zip(*pairs, strict=True)
    return (
        Figure(
            measured=Samples(what="importing the plugin", values=added),
            reference=Samples(what="importing pytest", values=bare),
            at_most=0.05,
        ),
    )


def static_checks() -> tuple[Figure, ...]:
    """The 75 as `make test-unit` runs them, once it is set up."""
    checks, lint = in_turns(
        5, lambda: run(["make", "test-unit"], environment=outside_make()), lambda: run(CFN_LINT)
    )
    return (
        Figure(
            measured=Samples(what="the 75 static checks", values=checks),
            reference=Samples(what=LINT, values=lint),
            at_most_ratio=0.7,
        ),
    )


def reading() -> tuple[Figure, ...]:
    """Loading the template, evaluating it for both regions, its graph: in this process."""
    (lint,) = in_turns(3, lambda: run(CFN_LINT))
    return (
        Figure(
            measured=Samples(
                what="template read for both regions",
                values=tuple(seconds_of(_read) for _ in range(50)),
            ),
            reference=Samples(what=LINT, values=lint),
            at_most_ratio=1 / 50,
        ),
    )


def _read() -> None:
    template = load_template(TEMPLATE)
    evaluate(template, region="us-east-1")
    evaluate(template, region="us-west-2", parameters={"PrimaryKMSKeyArn": KEY_ARN})
    graph(template).circular_dependency_message()
