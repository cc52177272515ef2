"""The template as the deploy engine needs it: minified text and the digest of its content."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

MAX_BODY_BYTES = 51_200
"""Limit of TemplateBody: the CloudFormation quota for a template that is not in S3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFile:
    """A template's source and what is sent of it."""

    path: Path
    body: str
    digest: str
    """SHA-256 of the parsed content: layout and the order of keys do not count."""


def read_template(path: Path) -> TemplateFile:
    """Return a JSON template, minified. Raises UsageError when it is not JSON or too large."""
    if path.suffix in {".yaml", ".yml"}:
        raise UsageError(f"{path} is YAML; qa deploys JSON templates only. The static checks read both.")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"no template {path}. `template` in [tool.qa] of pyproject.toml names it.") from None
    except json.JSONDecodeError as error:
        raise UsageError(f"{path} is not JSON: {error}") from error
    # the order of keys is kept in what is sent: outputs and events are easier to compare with the file
    body = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    size = len(body.encode())
    if size > MAX_BODY_BYTES:
        raise UsageError(
            f"{path} has {size:,} bytes even without white space; CloudFormation takes {MAX_BODY_BYTES:,} "
            "in a request. Split the stack or shorten inline code."
        )
    return TemplateFile(path=path, body=body, digest=digest_of(content))


def digest_of(content: object) -> str:
    """Return the SHA-256 of parsed JSON in canonical form, as hex digits."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
