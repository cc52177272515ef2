"""What the plugin costs every pytest run that has nothing to do with it."""

from __future__ import annotations

import json
import subprocess
import sys

HEAVY = ("boto3", "botocore", "moto", "rich", "yaml", "werkzeug")

LOADED = """
import json, sys
import qa_two_regions_plugin, qa, qa.plugin, qa.live.hooks, qa.live.detect
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def test_importing_the_plugin_loads_no_aws() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", LOADED], check=True, capture_output=True, text=True, timeout=300
    )

    assert [name for name in HEAVY if name in json.loads(answer.stdout)] == []
