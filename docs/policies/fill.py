"""Write a policy of this folder for one account: `docs/policies/fill.py runner --account … --suffix …`.

The suffix may be a pattern: `ci-*` serves every deployment of a pipeline that names them so.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
PLACEHOLDER = re.compile(r"<([a-z]+)>")


def filled(name: str, *, account: str, suffix: str, primary: str, secondary: str) -> dict[str, Any]:
    """Return the policy document of `<name>.json` with its placeholders filled in."""
    values = {"account": account, "suffix": suffix, "primary": primary, "secondary": secondary}
    text = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    policy: dict[str, Any] = json.loads(PLACEHOLDER.sub(lambda found: values[found[1]], text))
    return policy


def main(arguments: list[str] | None = None) -> int:
    """Print the policy, without white space: IAM counts at most 6,144 other characters."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", choices=sorted(path.stem for path in FOLDER.glob("*.json")))
    parser.add_argument("--account", required=True, help="the account's twelve digits")
    parser.add_argument(
        "--suffix", required=True, help="the environment's suffix, or a pattern such as 'ci-*'"
    )
    parser.add_argument("--primary", default="us-east-1")
    parser.add_argument("--secondary", default="us-west-2")
    told = vars(parser.parse_args(arguments))
    sys.stdout.write(json.dumps(filled(told.pop("name"), **told), separators=(",", ":")) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
