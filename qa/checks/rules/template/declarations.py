"""Parameters: what nothing uses, and what everybody can read."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from qa.checks.finding import Severity
from qa.checks.rule import Fault, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context

_GUIDE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
_PARAMETERS = f"{_GUIDE}parameters-section-structure.html"
_SECRET = re.compile(r"(?:password|passwd|passphrase|secretkey|privatekey|(?:api|access|auth|git\w*)token)$")
_QUOTED = re.compile(r'"([^"\\]*)"')
_VARIABLE = re.compile(r"\$\{\s*([^.}\s]+)\s*[.}]")


@rule("readable-secret", severity=Severity.WARNING, source=_PARAMETERS)
def readable_secret(context: Context) -> Iterator[Fault]:
    """A password or token that anyone who may describe the stack can read.

    A parameter whose name ends in Password, Passphrase, SecretKey, PrivateKey, ApiToken or the like,
    without NoEcho, or with NoEcho and a default that stands in the template. Use NoEcho without a
    default, or a dynamic reference to Secrets Manager. Parameters of Systems Manager types and values
    that are ARNs, paths or references are left alone.
    """
    for name, declared in context.template.parameters.items():
        if declared.get("Type") != "String" or not _SECRET.search(name.lower().replace("_", "")):
            continue
        hidden, default = str(declared.get("NoEcho", False)).lower() == "true", declared.get("Default")
        is_elsewhere = str(default).startswith(("arn:", "/", "{{resolve:"))
        if is_elsewhere or (hidden and default in (None, "")):
            continue
        yield Fault(
            path=("Parameters", name, *(("Default",) if hidden else ())),
            message=f"The default of {name} stands in the template for all to read"
            if hidden
            else f"{name} can be read by anyone who may describe the stack",
            actual="a default" if hidden else "no NoEcho",
            expected="NoEcho true and no default",
            fix="remove the default" if hidden else 'add "NoEcho": true, or use {{resolve:secretsmanager:…}}',
        )


@rule("unused-parameter", severity=Severity.NOTE, source=_PARAMETERS)
def unused_parameter(context: Context) -> Iterator[Fault]:
    """A parameter that nothing uses.

    Mostly a slip: the value that was to be used is written out somewhere. Templates with a transform,
    names that stand in a rule or in the metadata of a resource, and ${Name} anywhere are left alone.
    """
    template = context.template
    if template.transforms or context.macros or context.expansion.open_names:
        return
    used = {one.target for one in context.references}
    unused = [name for name in template.parameters if name not in used]
    places = [one.metadata for one in template.resources.values() if one.metadata] if unused else []
    elsewhere = json.dumps([dict(template.rules), *places], default=str) if unused else ""
    # in rules and metadata, in no Fn::Sub, or with blanks: each text is read once for all names
    named = {*_QUOTED.findall(elsewhere), *(_VARIABLE.findall(template.text) if unused else ())}
    for name in unused:
        if name not in named:
            yield Fault(
                path=("Parameters", name),
                message=f"Nothing uses {name}",
                actual=name,
                expected="a parameter that the template uses",
                fix="use it where it was intended, or remove it",
            )
