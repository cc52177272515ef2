"""`python -m tests.harness.malformed`: malformed requests to every modelled operation, counted by answer."""

from __future__ import annotations

import argparse
import sys

from qa.embedded.process import start_embedded
from qa.embedded.settings import Settings

from .campaign import swept


def main() -> int:
    """Run the sweep on a server of its own; 0 when every answer was the caller's error or a refusal."""
    parser = argparse.ArgumentParser(prog="python -m tests.harness.malformed", description=__doc__)
    parser.add_argument("--seed", default="0", help="another seed, another share (default: 0)")
    parser.add_argument("--share", type=int, metavar="N", help="requests of each operation (default: all)")
    parser.add_argument(
        "--only", default="", metavar="PART", help="operations with this in service:Operation"
    )
    parser.add_argument("--protocols", default="", metavar="NAMES", help="such as query,json (default: all)")
    args = parser.parse_args()
    process = start_embedded(Settings())
    try:
        tally = swept(
            process.endpoint, seed=args.seed, share=args.share, only=args.only, protocols=args.protocols
        )
    finally:
        process.stop()
    sys.stdout.write("".join(f"{find}\n" for find in tally.finds))
    total = sum(tally.verdicts.values())
    reported = ", ".join(f"{name} {count}" for name, count in tally.verdicts.most_common())
    sys.stdout.write(f"seed {args.seed}: {total} requests: {reported}\n")
    return 1 if tally.bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
