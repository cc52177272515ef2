"""What a service says of a resource type of CloudFormation: which of its operations make, change and end it.

A type is a value. CloudFormation's handler makes the requests that it names, as the caller of the stack
operation, so its rights are those of the operations, and what they do not model is refused there.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any

Json = Mapping[str, Any]


class InvalidPropertiesError(Exception):
    """What the handler itself refuses, before it calls the service."""

    code = "InvalidInput"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One resource of a stack at one moment: what a request's parameters are made of."""

    account_id: str
    region: str
    name: str
    """The physical name, chosen or generated."""
    properties: Json
    before: Json | None = None
    """The properties until now; None for what is being created."""
    physical_id: str = ""
    response: Json = field(default_factory=dict)
    """The answer to the latest request that creates or reads it."""
    item: Any = None
    """The element of a list that a request is about: see `each`."""

    def differs(self, names: Iterable[str]) -> bool:
        """Say whether one of the properties is not what it was."""
        before = self.before or {}
        return any(self.properties.get(name) != before.get(name) for name in names)


@dataclass(frozen=True, slots=True)
class Value:
    """A part of a request that depends on the resource; None leaves it out."""

    of: Callable[[Subject], Any]
    properties: frozenset[str] = frozenset()
    """What it depends on."""
    default: Any = None
    """What it is where the property is not given."""
    path: str = ""
    """The path of the property that it hands on as it stands."""


NAME = Value(lambda subject: subject.name)
ID = Value(lambda subject: subject.physical_id or None)
"""What Ref gives."""


def prop(path: str, default: Any = None) -> Value:
    """Return the value of a property, or of a part of one: names joined by dots."""
    names = path.split(".")

    def of(subject: Subject) -> Any:
        found = _at(subject.properties, names)
        return default if found is None else found

    return Value(of, frozenset({names[0]}), default, path)


def made(of: Callable[[Subject], Any], *properties: str) -> Value:
    """Return what a function makes of the properties that are named."""
    return Value(of, frozenset(properties))


def text(pattern: str) -> Value:
    """Return a text in which {region}, {account}, {name} and {id} are filled in."""

    def of(subject: Subject) -> str:
        return pattern.format(
            region=subject.region, account=subject.account_id, name=subject.name, id=subject.physical_id
        )

    return Value(of)


def answer(path: str) -> Value:
    """Return a part of what the service last said of the resource: names joined by dots."""
    names = path.split(".")
    return Value(lambda subject: _at(subject.response, names))


def item(path: str = "") -> Value:
    """Return the element that a request of `each` is about, or a part of it."""
    names = path.split(".") if path else []
    return Value(lambda subject: _at(subject.item, names))


def tag_map(name: str = "Tags") -> Value:
    """Return the resource's tags as an object."""
    return Value(lambda subject: _tags(subject.properties, name) or None, frozenset({name}))


def tag_list(key: str = "Key", value: str = "Value", *, name: str = "Tags") -> Value:
    """Return the resource's tags as a list, with other names for their keys and values."""

    def of(subject: Subject) -> Any:
        return [{key: each, value: text} for each, text in _tags(subject.properties, name).items()] or None

    return Value(of, frozenset({name}))


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiCall:
    """One request, with its parameters as values."""

    operation: str
    parameters: Json
    service: str = ""
    """The type's own when empty."""
    region: str = ""
    """The stack's when empty."""
    ends: bool = False
    """What it removes may be gone already."""


Step = Callable[[Subject], Generator[ApiCall, Json, None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An operation and what its parameters are made of."""

    operation: str
    parameters: Mapping[str, Any]
    service: str = ""
    region: Value | None = None

    @property
    def properties(self) -> frozenset[str]:
        """The properties that it depends on."""
        return frozenset(name for value in _values(self.parameters) for name in value.properties)

    def call(self, subject: Subject, *, ends: bool = False) -> ApiCall:
        """Return the request about a resource."""
        filled: dict[str, Any] = _filled(self.parameters, subject) or {}
        return ApiCall(
            operation=self.operation,
            parameters=filled,
            service=self.service,
            region="" if self.region is None else str(self.region.of(subject)),
            ends=ends,
        )

    def in_region(self, region: Value) -> Request:
        """Return the same request to another region than the stack's."""
        return replace(self, region=region)

    def given(self, subject: Subject) -> bool:
        """Say whether the resource has one of the properties that the request depends on."""
        return any(name in subject.properties for name in self.properties)

    def says_more(self, subject: Subject) -> bool:
        """Say whether a given property is not what it is without being given."""
        return any(
            subject.properties.get(name) is not None
            and str(value.of(subject)).lower() != str(value.default).lower()
            for value in _values(self.parameters)
            for name in value.properties
        )


def request(operation: str, same: str = "", /, **parameters: Any) -> Request:
    """Return a request; `same` are properties, divided by blanks, that go to parameters of their name.

    Capitals do not matter: RetentionInDays goes to retentionInDays.
    """
    passed = {name: prop(name) for name in same.split()}
    return Request(operation=operation, parameters={**passed, **parameters})


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Properties that a request of their own sets, and another one takes back."""

    put: Request
    remove: Request | None = None
    """Without one, an update sends `put` with what is left of the properties."""
    at_creation: bool = True
    """False for what the creating request says already."""

    @property
    def properties(self) -> frozenset[str]:
        """The properties that it depends on."""
        return self.put.properties

    def __call__(self, subject: Subject) -> Generator[ApiCall, Json, None]:
        """Yield what brings the properties to what they shall be."""
        is_given = self.put.given(subject)
        if subject.before is None:
            if self.at_creation and self.put.says_more(subject):
                yield self.put.call(subject)
        elif subject.differs(self.put.properties):
            if is_given or self.remove is None:
                yield self.put.call(subject)
            else:
                yield self.remove.call(replace(subject, properties=subject.before), ends=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Each:
    """A property with a list, each element of which is put and removed by a request."""

    name: str
    put: Request
    remove: Request | None
    key: str = ""
    """The member that identifies an element; empty for those that are texts."""
    named_by: str = ""
    """A property that names what is put: with another one, all that was put is removed."""

    @property
    def properties(self) -> frozenset[str]:
        """The properties that it depends on."""
        return self.put.properties | {self.name}

    def __call__(self, subject: Subject) -> Generator[ApiCall, Json, None]:
        """Yield the removal of what is no longer listed, and the putting of what is new or differs."""
        former, listed = self._listed(subject.before or {}), self._listed(subject.properties)
        moves = subject.before is None or subject.differs(self.put.properties - {self.name})
        for key, element in listed.items():
            if moves or former.get(key) != element:
                yield self.put.call(replace(subject, item=element))
        is_renamed = bool(self.named_by) and subject.differs({self.named_by})
        for key, element in former.items():
            if self.remove is not None and (is_renamed or key not in listed):
                was = replace(subject, item=element, properties=subject.before or {})
                yield self.remove.call(was, ends=True)

    def _listed(self, properties: Json) -> dict[Any, Any]:
        found = properties.get(self.name) or ()
        return {element[self.key] if self.key else str(element): element for element in found}


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Requests that a function makes up from a resource, where no declaration can say them."""

    run: Step
    properties: frozenset[str]
    operations: frozenset[str]
    """What the function may send."""

    def __call__(self, subject: Subject) -> Generator[ApiCall, Json, None]:
        """Yield the requests; each answer comes back into the function.

        Raises ValueError for an operation that is not among those declared.
        """
        requests, response = self.run(subject), None
        while True:
            try:
                call = next(requests) if response is None else requests.send(response)
            except StopIteration:
                return
            if call.operation not in self.operations:
                raise ValueError(f"sends {call.operation}, declared: {', '.join(sorted(self.operations))}")
            response = yield call


def steps(run: Step, names: str = "", *, sends: str) -> Steps:
    """Return the requests of a function that depends on the named properties."""
    return Steps(run=run, properties=frozenset(names.split()), operations=frozenset(sends.split()))


def tagging(tag: Request, untag: Request, *, keys: str, name: str = "Tags") -> Steps:
    """Return the requests that change a resource's tags after its creation.

    `tag` is to say the tags; the removed ones' keys go to the parameter `keys` of `untag`.
    """

    def run(subject: Subject) -> Generator[ApiCall, Json, None]:
        former, tags = _tags(subject.before or {}, name), _tags(subject.properties, name)
        if subject.before is None or former == tags:
            return
        gone = [each for each in former if each not in tags]
        if gone:
            call = untag.call(subject, ends=True)
            yield replace(call, parameters={**call.parameters, keys: gone})
        if tags:
            yield tag.call(subject)

    return Steps(
        run=run, properties=frozenset({name}), operations=frozenset({tag.operation, untag.operation})
    )


TAKEN = "Resource of type '{type}' with identifier '{id}' already exists."
"""CloudFormation's own words on what is there already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceType:
    """A resource type of CloudFormation.

    Which properties need a new physical resource is read from the type's public schema.
    """

    name: str
    service: str
    """By boto3's name."""
    create: Request | None = None
    settings: tuple[Setting | Each | Steps, ...] = ()
    """What follows the creation, and what an update sends, in this order."""
    read: Request | None = None
    """Sent after creation and updates where the attributes come from it."""
    read_when_made: bool = True
    """False where the answer to `create` says as much."""
    delete: tuple[Request | Setting | Each | Steps, ...] = ()
    """Sent in this order; settings and lists are taken back as an update would."""
    named_by: str = ""
    """The property that names the resource."""
    ref: Value = NAME
    attributes: Mapping[str, Value] = field(default_factory=dict)
    """What Fn::GetAtt gives."""
    check: Callable[[Subject], None] | None = None
    """Raises InvalidPropertiesError for what the handler refuses before it calls the service."""
    exists: Request | None = None
    """Sent before the creation, which fails where it finds something: where the creating request is content
    with what is there."""
    found: Value = field(default_factory=lambda: Value(lambda _: True))
    """Whether the answer to `exists` says that the resource is there."""
    taken: str = ""
    """The words on one that is there, where they are not the service's own."""
    replaced_by: frozenset[str] = frozenset()
    """Properties that need a new physical resource although the schema does not say so."""
    ignored: frozenset[str] = frozenset()
    """Properties that are taken and that no request needs."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """The members that are honoured of properties that no parameter takes as they stand."""
    refusals: Mapping[str, Callable[[Any], str | None]] = field(default_factory=dict)
    """By property, what says of a value that it is not modelled, and names it; None if it is. Asked before
    anything of a stack is made."""
    reads: Mapping[str | Value, str] = field(default_factory=dict)
    """What AWS's handler reads besides, so that the caller needs the right to it: actions by the ARN of
    their resource, as a pattern of `text` or a value."""
    limit: int = 128
    """Most characters of a generated name."""
    prefix: str = ""
    """What a generated name begins with; empty for the stack's name."""

    @property
    def properties(self) -> frozenset[str]:
        """The properties that are honoured."""
        sources: list[Any] = [*self.settings, *self.delete]
        sources += [each for each in (self.create, self.read, self.exists) if each is not None]
        used = {name for each in sources for name in each.properties}
        return frozenset(used | self.ignored | ({self.named_by} if self.named_by else set()))


def _at(value: Any, names: Iterable[str]) -> Any:
    def member(found: Any, name: str) -> Any:
        if isinstance(found, list):
            return found[int(name)] if name.isdigit() and int(name) < len(found) else None
        return found.get(name) if isinstance(found, dict) else None

    return reduce(member, names, value)


def _tags(properties: Json, name: str) -> dict[str, str]:
    given = properties.get(name) or ()
    if isinstance(given, dict):
        return {key: str(value) for key, value in given.items()}
    return {each["Key"]: str(each["Value"]) for each in given}


def _values(parameters: Any) -> Iterable[Value]:
    if isinstance(parameters, Value):
        yield parameters
    elif isinstance(parameters, Mapping):
        for part in parameters.values():
            yield from _values(part)
    elif isinstance(parameters, list | tuple):
        for part in parameters:
            yield from _values(part)


def _filled(part: Any, subject: Subject) -> Any:
    if isinstance(part, Value):
        return part.of(subject)
    if isinstance(part, Mapping):
        filled = {name: _filled(each, subject) for name, each in part.items()}
        return {name: each for name, each in filled.items() if each is not None} or None
    if isinstance(part, list | tuple):
        return [each for each in (_filled(each, subject) for each in part) if each is not None] or None
    return part
