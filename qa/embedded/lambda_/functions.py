"""A function's configuration as one value; environments started for an equal value are interchangeable."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .refusals import cannot_run
from .runtimes import RUNTIMES

if TYPE_CHECKING:
    from moto.awslambda.models import LambdaFunction

RUNNABLE = tuple(RUNTIMES)
INLINE = "qa_inline"
LOGGING = "qa_logging"


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionSpec:
    """What an execution environment is made from. Sizes in MB, the timeout in seconds."""

    account_id: str
    region: str
    name: str
    version: str
    """`$LATEST` or a number."""
    runtime: str
    handler: str
    role_arn: str
    timeout: int
    memory_size: int
    storage_size: int
    log_group: str
    variables: tuple[tuple[str, str], ...]
    is_inline: bool
    """The code came as text inside a template."""
    code_sha256: str
    code: bytes = field(compare=False, repr=False)

    @property
    def arn(self) -> str:
        """The function's ARN without a qualifier; one function, whatever its versions."""
        return f"arn:aws:lambda:{self.region}:{self.account_id}:function:{self.name}"


def spec_of(function: LambdaFunction) -> FunctionSpec:
    """Return the configuration that moto keeps.

    Raises LambdaRefusalError for a function that cannot run here.
    """
    if function.package_type != "Zip":
        raise cannot_run(
            f"the embedded AWS does not run container images (function {function.function_name!r})"
        )
    if function.run_time not in RUNNABLE:
        raise cannot_run(
            f"the embedded AWS runs {', '.join(RUNNABLE)} only, "
            f"not {function.run_time!r} (function {function.function_name!r})"
        )
    return FunctionSpec(
        account_id=function.account_id,
        region=function.region,
        name=function.function_name,
        version=str(function.version),
        runtime=function.run_time,
        handler=str(function.handler),
        role_arn=function.role,
        timeout=int(function.timeout),
        memory_size=int(function.memory_size),
        storage_size=int(function.ephemeral_storage),
        log_group=log_group(function),
        variables=tuple(sorted((str(k), str(v)) for k, v in function.environment_vars.items())),
        is_inline=getattr(function, INLINE, False),
        code_sha256=function.code_sha_256,
        code=function.code_bytes,
    )


def package_digests(account_id: str) -> frozenset[str]:
    """Return the SHA-256, in hexadecimal, of the packages of all functions and versions of an account."""
    from moto.awslambda.models import lambda_backends  # noqa: PLC0415 - an import cycle in moto otherwise

    groups = [
        group
        for backend in tuple(lambda_backends[account_id].values())
        for group in tuple(backend._lambdas._functions.values())  # list_functions copies each deeply
    ]
    return frozenset(
        function.code_digest
        for group in groups
        for function in (group["latest"], *group["versions"])
        if function is not None
    )


def log_group(function: LambdaFunction) -> str:
    """Return the name of the log group that the function writes to."""
    logging: dict[str, str] = getattr(function, LOGGING, {})
    return logging.get("LogGroup") or f"/aws/lambda/{function.function_name}"
