"""Templates in YAML: CloudFormation's short forms, built from parser events without recursion."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import yaml

from .errors import AliasError, DuplicateKeyError, NestingError, TemplateSyntaxError, UnsupportedError
from .nesting import MAX_DEPTH, too_deep_message
from .positions import Path, Position, duplicate_message

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    class _Mark(Protocol):
        line: int
        column: int


_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml parses about ten times faster
_MAX_ALIASED = 100_000  # values that aliases may add; a bomb of nine levels adds 10**9
_TEXT_OF_A_VALUE = 100  # characters: a longer text counts as several, since what repeats it writes it out
_LONGEST_NUMBER = 4000  # characters; base 60 (1:30:00) takes the square of its length
_TAG = "tag:yaml.org,2002:"
_UNTYPED = {f"{_TAG}timestamp", f"{_TAG}merge", f"{_TAG}value"}  # text for CloudFormation, e.g. 2012-10-17
_PLAIN = {
    first: tuple((tag, pattern) for tag, pattern in found if tag not in _UNTYPED)
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_CONSTRUCT = yaml.constructor.SafeConstructor()
_NAMES = (
    "And",
    "Base64",
    "Cidr",
    "Contains",
    "EachMemberEquals",
    "EachMemberIn",
    "Equals",
    "FindInMap",
    "GetAtt",
    "GetAZs",
    "GetStackOutput",
    "If",
    "ImportValue",
    "Join",
    "Length",
    "Not",
    "Or",
    "RefAll",
    "Select",
    "Split",
    "Sub",
    "ToJsonString",
    "Transform",
    "ValueOf",
    "ValueOfAll",
)
_SHORT_FORMS = {
    "!Ref": "Ref",
    "!Condition": "Condition",
    **{f"!{name}": f"Fn::{name}" for name in _NAMES},
}


@dataclass(slots=True)
class _Frame:
    """A mapping or sequence that is still open."""

    value: dict[str, Any] | list[Any]
    path: Path
    start: yaml.CollectionStartEvent
    function: str | None
    key: str | None = None
    keys: dict[str, _Mark | None] = field(default_factory=dict)
    size: int = 1


def read_yaml(text: str, *, source: str) -> Any:
    """Return the parsed text with short forms written out; None for an empty one."""
    return _Builder(source).build(text)


def yaml_positions(text: str, *, source: str) -> Mapping[Path, Position]:
    """Return the position of every key and list element of a YAML text."""
    builder = _Builder(source)
    builder.positions = {}
    builder.build(text)
    return builder.positions


class _Builder:
    def __init__(self, source: str) -> None:
        self.source = source
        self.positions: dict[Path, Position] | None = None
        self.frames: list[_Frame] = []
        self.anchors: dict[str, tuple[Any, int] | None] = {}
        self.aliased = 0
        self.documents: list[Any] = []

    def build(self, text: str) -> Any:
        try:
            self._take_all(_Loader(text))
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            message = f"not YAML: {error.problem or error.context}"
            position = _position(mark) if mark else None
            raise TemplateSyntaxError(message, source=self.source, position=position) from None
        except yaml.reader.ReaderError as error:
            message = f"not YAML: character {error.character!r} is not allowed"
            raise TemplateSyntaxError(message, source=self.source) from None
        return self.documents[0] if self.documents else None

    def _take_all(self, loader: Any) -> None:
        # yaml.parse asks twice for each event; for large templates that is a tenth of the whole check
        taken: dict[type[yaml.Event], Callable[[Any], None]] = {
            yaml.ScalarEvent: self._text,
            yaml.MappingStartEvent: self._open,
            yaml.SequenceStartEvent: self._open,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._begin,
        }
        try:
            while (event := loader.get_event()) is not None:
                take = taken.get(type(event))
                if take is not None:
                    take(event)
        finally:
            loader.dispose()

    def _text(self, event: yaml.ScalarEvent) -> None:
        if not self._takes_key(event):
            function = self._function(event)
            size = 1 + len(event.value) // _TEXT_OF_A_VALUE
            self._add(self._scalar(event), event, function=function, size=size)

    def _begin(self, event: yaml.DocumentStartEvent) -> None:
        if self.documents:
            raise self._error("a second document starts here; a template is one", event)

    def _takes_key(self, event: yaml.ScalarEvent) -> bool:
        frame = self.frames[-1] if self.frames else None
        if frame is None or isinstance(frame.value, list) or frame.key is not None:
            return False
        key = event.value
        if event.tag is not None and event.tag.startswith("!") and event.tag != "!":
            raise self._error(f"a key must be text, not the function {event.tag}", event)
        if key == "<<" and event.implicit[0]:
            raise self._error("CloudFormation does not merge maps ('<<'); write the members out", event)
        if key in frame.keys:
            first = _position(frame.keys[key])
            raise DuplicateKeyError(
                duplicate_message(key, first), source=self.source, position=_position(event.start_mark)
            )
        frame.key = key
        frame.keys[key] = event.start_mark
        if self.positions is not None:
            self.positions[(*frame.path, key)] = _position(event.start_mark)
        return True

    def _next_path(self) -> Path:
        if not self.frames:
            return ()
        frame = self.frames[-1]
        return (*frame.path, len(frame.value) if isinstance(frame.value, list) else frame.key or "")

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        frame = self.frames[-1] if self.frames else None
        if frame and isinstance(frame.value, dict) and frame.key is None:
            raise self._error("a key must be text, not a map or list", event)
        if len(self.frames) >= MAX_DEPTH:
            position = _position(event.start_mark)
            raise NestingError(too_deep_message(), source=self.source, position=position)
        path = () if self.positions is None else self._next_path()
        if frame and isinstance(frame.value, list):
            self._note(path, event)
        function = self._function(event)
        if event.anchor:
            self.anchors[event.anchor] = None
        value: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self.frames.append(_Frame(value, (*path, function) if function else path, event, function))

    def _close(self, _: yaml.CollectionEndEvent) -> None:
        frame = self.frames.pop()
        self._add(frame.value, frame.start, function=frame.function, size=frame.size)

    def _alias(self, event: yaml.AliasEvent) -> None:
        if event.anchor not in self.anchors:
            raise self._alias_error(f"alias *{event.anchor} has no anchor", event)
        found = self.anchors[event.anchor]
        if found is None:
            raise self._alias_error(f"alias *{event.anchor} stands inside its own anchor", event)
        value, size = found
        self.aliased += size
        if self.aliased > _MAX_ALIASED:
            raise self._alias_error(f"aliases unfold into more than {_MAX_ALIASED:,} values", event)
        if self.frames and isinstance(self.frames[-1].value, dict) and self.frames[-1].key is None:
            raise self._error("a key must be text, not an alias", event)
        self._put(value, event, size=size)

    def _add(self, value: Any, event: yaml.NodeEvent, *, function: str | None, size: int = 1) -> None:
        if function:
            value = {function: _argument(function, value)}
        if event.anchor:
            self.anchors[event.anchor] = (value, size)
        self._put(value, event, size=size)

    def _put(self, value: Any, event: yaml.NodeEvent, *, size: int) -> None:
        if not self.frames:
            self.documents.append(value)
            return
        frame = self.frames[-1]
        frame.size += size
        if isinstance(frame.value, list):
            if self.positions is not None and not isinstance(event, yaml.CollectionStartEvent):
                self._note((*frame.path, len(frame.value)), event)
            frame.value.append(value)
        elif frame.key is not None:
            frame.value[frame.key] = value
            frame.key = None

    def _scalar(self, event: yaml.ScalarEvent) -> Any:
        text, tag = event.value, event.tag
        if tag is None or tag == "!" or not tag.startswith(_TAG):
            if not event.implicit[0] or tag is not None:
                return text
            tag = _plain_tag(text)
        kind = tag.removeprefix(_TAG)
        if kind == "str":
            return text
        if kind == "null":
            return None
        return self._number(kind, event)

    def _number(self, kind: str, event: yaml.ScalarEvent) -> Any:
        node = yaml.ScalarNode(f"{_TAG}{kind}", event.value)
        construct = {
            "bool": _CONSTRUCT.construct_yaml_bool,
            "int": _CONSTRUCT.construct_yaml_int,
            "float": _CONSTRUCT.construct_yaml_float,
        }
        try:
            number = construct[kind](node) if len(event.value) <= _LONGEST_NUMBER else math.inf
            finite = math.isfinite(number)
        except (LookupError, ValueError, OverflowError):  # PyYAML raises IndexError for an empty text
            finite = False
        if finite:
            return number
        shown = (event.value or "empty text") if len(event.value) <= 20 else f"{event.value[:20]}…"
        raise self._error(f"{shown} is no {kind} that a template can hold", event)

    def _function(self, event: yaml.NodeEvent) -> str | None:
        tag = getattr(event, "tag", None)
        if tag is None or tag == "!" or tag in _STANDARD:
            return None
        if tag in _SHORT_FORMS:
            return _SHORT_FORMS[tag]
        message = f"tag {tag!r} is none that CloudFormation knows"
        raise UnsupportedError(message, source=self.source, position=_position(event.start_mark))

    def _note(self, path: Path, event: yaml.Event) -> None:
        if self.positions is not None:
            self.positions[path] = _position(event.start_mark)

    def _error(self, message: str, event: yaml.Event) -> TemplateSyntaxError:
        return TemplateSyntaxError(message, source=self.source, position=_position(event.start_mark))

    def _alias_error(self, message: str, event: yaml.Event) -> AliasError:
        return AliasError(message, source=self.source, position=_position(event.start_mark))


_STANDARD = {f"{_TAG}{kind}" for kind in ("str", "int", "float", "bool", "null", "map", "seq")}


def _plain_tag(text: str) -> str:
    candidates = _PLAIN.get(text[:1], ()) + _PLAIN.get(None, ())
    return next((tag for tag, pattern in candidates if pattern.match(text)), f"{_TAG}str")


def _argument(function: str, value: Any) -> Any:
    if function == "Fn::GetAtt" and isinstance(value, str):
        logical_id, dot, attribute = value.partition(".")
        return [logical_id, attribute] if dot else value
    return value


def _position(mark: _Mark | None) -> Position:
    return Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)
