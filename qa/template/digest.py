"""A template's content, independent of how it is laid out."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .model import Template


def template_digest(body: Mapping[str, Any]) -> str:
    """Return the SHA-256 in hex of the parsed content: layout, key order and JSON or YAML do not matter."""
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def minified(template: Template) -> str:
    """Return the template as JSON without white space, in its own order; what a deploy sends."""
    text = json.dumps(template.body, separators=(",", ":"), ensure_ascii=False)
    if any("\ud800" <= character <= "\udfff" for character in text):
        return json.dumps(template.body, separators=(",", ":"))  # a lone surrogate can only be sent escaped
    return text
