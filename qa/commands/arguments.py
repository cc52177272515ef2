"""Arguments that several commands take, and the types of their values."""

from __future__ import annotations

import argparse
import math
from urllib.parse import urlsplit

MOST_HOURS = 876_000.0
"""Hours: a century. More would be before the beginning of time."""


def add_target(parser: argparse.ArgumentParser) -> None:
    """Add which stack, and where it is."""
    group = parser.add_argument_group("target and stack")
    group.add_argument("--target", metavar="TARGET", help="aws or endpoint")
    group.add_argument(
        "--endpoint-url", metavar="URL", help="address of --target endpoint (default: AWS_ENDPOINT_URL)"
    )
    group.add_argument("--profile", help="profile of the credentials (default: as boto3 finds them)")
    group.add_argument("--suffix", help="environment (default: QA_SUFFIX, ENVIRONMENT_SUFFIX or [tool.qa])")
    group.add_argument(
        "--stack-name", metavar="NAME", help="name of both stacks (default: prefix and suffix)"
    )


def hours(text: str) -> float:
    """Return hours, from 0 to a century."""
    return _number(text, "a number of hours, 0 or more", most=MOST_HOURS)


def origin(text: str) -> str:
    """Return the origin of a web page: scheme, host and port."""
    parts = urlsplit(text.rstrip("/"))
    if not parts.netloc or parts.geturl() != f"{parts.scheme}://{parts.netloc}":
        raise argparse.ArgumentTypeError(
            f"{text!r} is not an origin; expected scheme, host and port alone, e.g. http://localhost:3000"
        )
    return parts.geturl()


def seconds(text: str) -> float:
    """Return seconds, from 0."""
    return _number(text, "a number of seconds, 0 or more")


def interval(text: str) -> float:
    """Return seconds, more than 0."""
    number = seconds(text)
    if number == 0:
        raise argparse.ArgumentTypeError(f"invalid value {text!r}: expected a number of seconds above 0")
    return number


def _number(text: str, expected: str, *, most: float = math.inf) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and 0 <= number <= most):
        raise argparse.ArgumentTypeError(f"invalid value {text!r}: expected {expected}")
    return number
