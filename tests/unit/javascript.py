"""The processor's JavaScript, read by regular expressions rather than by a parser.

Their limits: comments are stripped without looking into strings (`"//"` in one ends its line), an
argument ends at its first `})`, and names that the code computes are not seen. That is enough for
one short file whose style the lint keeps; what it does is shown by the live checks.
"""

from __future__ import annotations

import re


def without_comments(code: str) -> str:
    """Return the code without /* … */ and // … comments."""
    return re.sub(r"/\*.*?\*/|//[^\n]*", "", code, flags=re.DOTALL)


def exported_names(code: str) -> frozenset[str]:
    """Return the names that a CommonJS module exports."""
    stripped = without_comments(code)
    single = re.findall(r"(?:module\.)?exports\.(\w+)\s*=", stripped)
    whole = re.findall(r"module\.exports\s*=\s*\{([^}]*)\}", stripped)
    return frozenset(single) | frozenset(
        name for names in whole for name in re.findall(r"(\w+)\s*[:,}]?", names)
    )


def environment_names(code: str) -> frozenset[str]:
    """Return the environment variables that the code reads."""
    stripped = without_comments(code)
    dotted = re.findall(r"process\.env\.(\w+)", stripped)
    quoted = re.findall(r"process\.env\[\s*['\"](\w+)['\"]\s*\]", stripped)
    unpacked = re.findall(r"\{([^{}]*)\}\s*=\s*process\.env\b(?!\.)", stripped)
    return frozenset(
        [*dotted, *quoted, *(name for names in unpacked for name in re.findall(r"(\w+)[^,]*", names))]
    )


def required_modules(code: str) -> frozenset[str]:
    """Return the modules that the code loads."""
    return frozenset(re.findall(r"(?:require\(\s*|\bfrom\s+|\bimport\s*\(?\s*)['\"]([^'\"]+)['\"]", code))


def command_input(code: str, command: str) -> str | None:
    """Return the text of the argument a command is sent with; None when it is not sent."""
    sent = re.search(
        rf"\.send\(\s*new\s+{command}\(\s*\{{(.*?)\}}\s*\)", without_comments(code), flags=re.DOTALL
    )
    return sent[1] if sent else None
