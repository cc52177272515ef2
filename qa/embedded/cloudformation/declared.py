"""Make, change and delete a resource by the requests that its type declares, as the caller."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from moto.cloudformation.exceptions import UnformattedGetAttTemplateException

from qa.embedded.inside import Inside, RequestFailedError
from qa.embedded.judge.callers import administrator
from qa.embedded.service.resource_types import Request, Steps

from .errors import RefusedError, handler_code
from .reads import PRINCIPAL, require_reads

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.embedded.service.resource_types import ApiCall, Each, ResourceType, Setting, Subject
    from qa.embedded.world import Caller, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A physical resource, as moto's parser uses it for Ref and Fn::GetAtt."""

    physical_resource_id: str
    name: str
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def get_cfn_attribute(self, attribute_name: str) -> Any:
        """Return what Fn::GetAtt gives."""
        found: Any = self.attributes
        for name in (attribute_name,) if attribute_name in found else attribute_name.split("."):
            if not isinstance(found, dict) or name not in found:
                raise UnformattedGetAttTemplateException
            found = found[name]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """The handler of one type, for one caller."""

    kind: ResourceType
    world: World
    caller: Caller

    def create(self, subject: Subject) -> Made:
        """Return a new resource; a failure leaves nothing behind. Raises what a service refuses."""
        self._check(subject)
        is_generated = bool(self.kind.named_by) and self.kind.named_by not in subject.properties
        if self.kind.exists is not None and not is_generated:  # nobody has such a name
            self._require_new(subject, self.kind.exists)
        if self.kind.create is not None:
            subject = replace(subject, response=self._made(subject, self.kind.create))
        subject = replace(subject, physical_id=str(self.kind.ref.of(subject) or ""))
        try:
            return self._settled(subject)
        except Exception:
            with suppress(RequestFailedError):  # what is half made goes, whatever the caller may do
                replace(self, caller=administrator(self.world.account_id)).delete(subject)
            raise

    def update(self, subject: Subject, made: Made) -> Made:
        """Return the resource with its new properties."""
        self._check(subject)
        return self.restore(subject, made)

    def restore(self, subject: Subject, made: Made) -> Made:
        """Return the resource with properties that it had before, which nobody need check."""
        changed = self._settled(subject)
        kept = {name: value for name, value in made.attributes.items() if name in self.kind.attributes}
        return replace(changed, attributes={**kept, **changed.attributes})

    def delete(self, subject: Subject) -> None:
        """Delete the resource; one that is gone is no error."""
        taken = replace(subject, before=subject.properties, properties={})
        for each in self.kind.delete:
            if isinstance(each, Request):
                self._send(subject, each.call(subject, ends=True))
            else:
                self._run(each, taken)

    def _check(self, subject: Subject) -> None:
        if self.kind.check is not None:
            self.kind.check(subject)

    def _settled(self, subject: Subject) -> Made:
        for setting in self.kind.settings:
            self._run(setting, subject)
        require_reads(self.world, self.caller, self.kind, subject)
        is_told = subject.before is None and not self.kind.read_when_made
        if self.kind.read is not None and not is_told:
            subject = replace(subject, response=self._send(subject, self.kind.read.call(subject)))
        found = {name: value.of(subject) for name, value in self.kind.attributes.items()}
        given = {name: value for name, value in found.items() if value is not None}
        return Made(
            physical_resource_id=subject.physical_id,
            name=subject.name,
            attributes={**subject.properties, **given},
        )

    def _require_new(self, subject: Subject, exists: Request) -> None:
        try:
            response = self._send(subject, exists.call(subject))
        except RequestFailedError as refused:
            if handler_code(refused.code) == "NotFound":
                return
            raise
        if self.kind.found.of(replace(subject, response=response)):
            raise self._taken(subject)

    def _made(self, subject: Subject, create: Request) -> Mapping[str, Any]:
        try:
            return self._send(subject, create.call(subject))
        except RequestFailedError as refused:
            if self.kind.taken and handler_code(refused.code) == "AlreadyExists":
                raise self._taken(subject) from refused
            raise

    def _taken(self, subject: Subject) -> RefusedError:
        identifier = self.kind.ref.of(subject) or subject.name
        words = self.kind.taken.format(type=self.kind.name, id=identifier)
        return RefusedError("AlreadyExistsException", words)

    def _run(self, step: Setting | Each | Steps, subject: Subject) -> None:
        calls = step(subject)
        with suppress(StopIteration):
            call = next(calls)
            while True:
                if isinstance(step, Steps) and call.operation not in step.operations:
                    raise TypeError(f"{self.kind.name} does not say that it sends {call.operation}")
                call = calls.send(self._send(subject, call))

    def _send(self, subject: Subject, call: ApiCall) -> Mapping[str, Any]:
        try:
            return self.world.part(Inside).request(
                call.service or self.kind.service,
                call.operation,
                call.parameters,
                region=call.region or subject.region,
                caller=self.caller,
                via=PRINCIPAL,
            )
        except RequestFailedError as refused:
            if call.ends and handler_code(refused.code) == "NotFound":
                return {}
            raise
