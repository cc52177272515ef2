"""Each request judged before moto serves it: who calls, which rights that needs, and the refusal."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flask import g, request
from moto.core.exceptions import ServiceException
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import determine_request_protocol
from moto.core.utils import get_service_model

from qa.embedded.judge.callers import credentials_of, holder_of
from qa.embedded.judge.decision import decision_on
from qa.embedded.judge.denials import denial
from qa.embedded.judge.errors import InvalidRequestError, NotModelledError, PolicyError
from qa.embedded.judge.identities import Unknown
from qa.embedded.judge.signatures import Fault, fault_of, words_on_skew
from qa.embedded.request import CALLED_VIA, CALLER, PARAMETERS, WORLD
from qa.embedded.service.declaration import service_named, special_of
from qa.embedded.service.rights import Call
from qa.embedded.wire.refusals import Refusal, RequestRefusedError
from qa.embedded.world import Caller, Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from moto.core.responses import BaseResponse

    from qa.embedded.service.rights import Need
    from qa.embedded.world import Decision, World

UNKNOWN = {
    Unknown.KEY: Refusal.UNKNOWN_KEY,
    Unknown.EXPIRED: Refusal.EXPIRED,
    Fault.WRONG: Refusal.SIGNATURE,
    Fault.SKEWED: Refusal.SKEWED,
    Fault.LATE: Refusal.LATE,
    Fault.PAYLOAD: Refusal.PAYLOAD,
}
REMEMBERED = "qa_caller"


def caller_of_request(world: World) -> Caller | Unknown | Fault:
    """Return who makes the request that this thread serves; RuntimeError (Flask's) without one."""
    found: Caller | Unknown | Fault | None = g.get(REMEMBERED)
    if found is None:
        found = _caller(world)
        setattr(g, REMEMBERED, found)
    return found


def _caller(world: World) -> Caller | Unknown | Fault:
    vouched: Caller | None = request.environ.get(CALLER)
    if vouched is not None:  # a service of this process calls on the caller's behalf
        return vouched
    credentials = credentials_of(request)
    if credentials is None:
        return Caller()
    holder = holder_of(credentials, world)
    if isinstance(holder, Unknown):
        return holder
    return fault_of(request, holder.secret, world.services) or holder.caller


def world_of_request() -> World | None:
    """Return the world that the request is served in; None on a server without a judge.

    moto's classes are one per process, its servers need not be: so a request carries its world, and the
    one that the patches are applied for is not called.
    """
    world: World | None = request.environ.get(WORLD)
    return world


def require_caller(world: World, service: str) -> Caller:
    """Return the caller of the request; raises RequestRefusedError for credentials that stand for nobody."""
    caller = caller_of_request(world)
    if not isinstance(caller, Caller):
        words = words_on_skew(request, world.services) if caller is Fault.SKEWED and service != "s3" else None
        raise RequestRefusedError(service, UNKNOWN[caller], words)
    return caller


def authorize(world: World, response: BaseResponse) -> None:
    """Raise RequestRefusedError unless the caller may do what a request to any service but S3 needs."""
    service = response.boto3_service_name
    caller = require_caller(world, service)
    if caller.is_anonymous:
        raise RequestRefusedError(service, Refusal.UNSIGNED)
    known = service_named(world.services, service)
    if caller.is_administrator and (known is None or known.policy_of is None):
        return
    with refusals_of(service):
        require(world, service, caller, _needs(world, response, caller))


@contextmanager
def refusals_of(service: str) -> Iterator[None]:
    """Answer what the judge cannot judge with an error of the service."""
    try:
        yield
    except InvalidRequestError as invalid:
        raise RequestRefusedError(service, Refusal.INVALID, str(invalid)) from invalid
    except (NotModelledError, PolicyError) as unknown:
        raise RequestRefusedError(service, Refusal.NOT_MODELLED, str(unknown)) from unknown


def require(world: World, service: str, caller: Caller, needs: Iterable[Need]) -> None:
    """Raise RequestRefusedError for the first need that the caller has no right to."""
    for need in needs:
        decision = decide(world, caller, need)
        if not decision.allowed:
            words = denial(caller, need.action, need.resource, decision)
            special = special_of(world.services, service, Refusal.DENIED)
            raise RequestRefusedError(service, Refusal.DENIED, words, special=special)


def decide(world: World, caller: Caller, need: Need) -> Decision:
    """Return the decision on one need, with the condition keys that the HTTP request has."""
    question = Question(
        caller=caller,
        action=need.action,
        resource=need.resource,
        region=need.region or region_of_request(),
        context={**_of_request(), **need.context},
    )
    return decision_on(world, question)


def region_of_request() -> str:
    """Return the region that the request is signed for; us-east-1 for an unsigned one."""
    signed = request.headers.get("Authorization", "") or request.args.get("X-Amz-Credential", "")
    parts = signed.partition(",")[0].split("/")
    return parts[2] if len(parts) >= 5 else "us-east-1"


def _needs(world: World, response: BaseResponse, caller: Caller) -> Iterable[Need]:
    service, operation = response.boto3_service_name, response._get_action()
    known = service_named(world.services, service)
    needs = None if known is None else known.rights.get(operation or "")
    if needs is not None and operation is not None:
        return needs(
            Call(
                service=service,
                operation=operation,
                parameters=parameters(response, operation),
                caller=caller,
                account_id=world.account_id,
                region=response.region,
            )
        )
    if caller.is_administrator:
        return ()
    raise NotModelledError(f"authorization of {service}:{operation}")


def parameters(response: BaseResponse, operation: str) -> dict[str, Any]:
    """Return the parameters of a request as boto3 spells them, whatever the protocol."""
    known: dict[str, Any] | None = request.environ.get(PARAMETERS)
    if known is not None:
        return known
    model = get_service_model(response.boto3_service_name)
    normalized = response.normalized_request
    parser = PROTOCOL_PARSERS[determine_request_protocol(model, normalized.content_type)]
    try:
        parsed: dict[str, Any] = parser(model.operation_model(operation)).parse(
            {
                "method": normalized.method,
                "values": normalized.values,
                "headers": normalized.headers,
                "body": normalized.data,
                "url_path": normalized.path,
                "url_params": response.uri_match,
            }
        )
    except (ServiceException, ValueError, TypeError):
        return {}  # malformed: the rights on no resource in particular are checked
    return parsed


def _of_request() -> dict[str, str | tuple[str, ...]]:
    via = request.environ.get(CALLED_VIA)
    keys: dict[str, str | tuple[str, ...] | None] = {
        "aws:CalledVia": via and (str(via),),
        "aws:ViaAWSService": via and "true",
        "aws:SecureTransport": request.environ.get("qa.secure_transport", "true"),
        "aws:SourceIp": request.remote_addr,
        "aws:UserAgent": request.headers.get("User-Agent"),
        "aws:Referer": request.headers.get("Referer"),
    }
    return {key: value for key, value in keys.items() if value}
