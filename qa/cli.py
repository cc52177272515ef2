"""The command line: one function per subcommand; the only printer."""

from __future__ import annotations

import argparse

import qa


def main(argv: list[str] | None = None) -> int:
    """Run one subcommand and return its exit code."""
    parser = argparse.ArgumentParser(prog="qa", description=qa.__doc__)
    parser.add_argument("--version", action="version", version=f"qa {qa.__version__}")
    parser.parse_args(argv)
    parser.print_help()
    return 2
