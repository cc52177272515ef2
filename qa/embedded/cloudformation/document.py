"""A template's text read into a document, or refused in the service's words; small texts never grow."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import yaml

from .errors import invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .errors import RefusedError

# What XML 1.0 cannot carry as it stands, and so no answer about the template.
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def read_document(body: str) -> Mapping[str, Any]:
    """Return the mapping that a template's text holds, keys as text.

    A text with characters outside XML 1.0, YAML aliases, and nesting too deep to read are refused.
    An escape such as `\\u001b` in a value passes, as text of the template.
    """
    if NOT_IN_XML.search(body):
        raise invalid("Template contains invalid characters")
    try:
        document = json.loads(body) if body.lstrip().startswith("{") else _read_yaml(body)
        if not isinstance(document, dict):
            raise invalid("Template format error: unsupported structure.")
        normal: Mapping[str, Any] = _normal(document)
    except json.JSONDecodeError as broken:
        where = f"(line {broken.lineno}, column {broken.colno})"
        raise invalid(f"Template format error: JSON not well-formed. {where}") from broken
    except yaml.MarkedYAMLError as broken:
        raise _not_yaml(broken.problem_mark or broken.context_mark) from broken
    except RecursionError as deep:
        raise invalid("Template format error: the template is nested too deeply.") from deep
    return normal


def _read_yaml(body: str) -> Any:
    loader = _Loader(body)
    try:
        return loader.get_single_data()
    except (yaml.MarkedYAMLError, RecursionError):
        raise
    # PyYAML lets out what Python says of a number, date or key that is none: `0x`, `? [a]`, `!!int x`
    except (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError) as broken:
        raise _not_yaml(loader.get_mark()) from broken
    finally:
        loader.dispose()


def _not_yaml(mark: yaml.Mark | None) -> RefusedError:
    where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
    return invalid(f"Template format error: YAML not well-formed.{where}")


def _normal(value: Any) -> Any:
    """Return a copy in which a dotted GetAtt is a list and a condition is never just another one."""
    if isinstance(value, str) and LONE_SURROGATE.search(value):
        raise invalid("Template contains invalid characters")
    if isinstance(value, list):
        return [_normal(item) for item in value]
    if not isinstance(value, dict):
        return value
    copy = {_normal(str(key)): _normal(item) for key, item in value.items()}
    target = copy.get("Fn::GetAtt")
    if isinstance(target, str):
        copy["Fn::GetAtt"] = list(target.split(".", 1))
    return copy


class _Loader(yaml.SafeLoader):
    """YAML as CloudFormation reads it: short forms of the intrinsic functions, dates are text."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse an alias, as the service does: a few hundred bytes of them unfold into millions of values.

        See https://github.com/aws-cloudformation/cfn-language-discussion/issues/49.
        """
        if self.check_event(yaml.AliasEvent):
            raise invalid("Template error: YAML aliases are not allowed in CloudFormation templates")
        node: yaml.Node | None = super().compose_node(parent, index)
        return node


def _short_form(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.SequenceNode):
        value: Any = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    else:
        value = loader.construct_scalar(node)  # type: ignore[arg-type]  # the third kind of node
    return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _short_form)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
