"""`qa init`: the settings, a first test file and a pipeline's stage for templates that are there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import UsageError
from qa.invocation import INSTALL

from .command import DONE, Command

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Sequence

    from qa.scaffold import Scheme, Source

PIPELINE_NAMES = ("github", "gitlab", "shell")


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "sources",
        nargs="*",
        type=Path,
        metavar="TEMPLATE",
        help="templates, or cdk.out; default: those here",
    )
    parser.add_argument(
        "--regions",
        nargs="+",
        metavar="REGION",
        help="the primary first; default: those that the templates name",
    )
    parser.add_argument("--ci", choices=PIPELINE_NAMES, help="write a pipeline's stage as well")


def _init(args: argparse.Namespace) -> int:
    from qa.scaffold import find_assembly, find_sources, scheme_of, write  # noqa: PLC0415 - only who asks pays

    root = Path.cwd()
    assembly = find_assembly(root, args.sources)
    sources = () if assembly else find_sources(root, args.sources)
    regions = _regions(args.regions, sources, root / assembly if assembly else None)
    scheme = scheme_of(sources, regions, assembly)
    _print("found", [assembly] if assembly else [_described(source) for source in sources])
    _print("regions", [", ".join(regions)])
    for file in write(root, scheme, pipeline=args.ci):
        _print("wrote" if file.is_new else "kept", [f"{file.path}{': ' if file.note else ''}{file.note}"])
    _print("embedded", _embedded(sources))
    _print("to do", _left_to_do(scheme))
    _print("next", ["qa check", "python -m pytest tests/live"])
    return DONE


def _regions(
    given: Sequence[str] | None, sources: Sequence[Source], assembly: Path | None
) -> tuple[str, ...]:
    """Return the regions that were given, else seen.

    Raises UsageError for fewer than two, and for one that AWS does not have.
    """
    from qa import schemas  # noqa: PLC0415
    from qa.checks.nearest import did_you_mean  # noqa: PLC0415
    from qa.scaffold import assembly_regions, regions_named  # noqa: PLC0415

    for region in given or ():
        if region not in schemas.regions():
            near = did_you_mean(region, sorted(schemas.regions())) or "For example: us-east-1"
            raise UsageError(f"there is no region {region!r}. {near}")
    seen = regions_named(sources) if assembly is None else assembly_regions(assembly)
    regions = tuple(dict.fromkeys(given or seen))
    if len(regions) < 2:
        found = f"only {regions[0]}" if regions else "no region"
        raise UsageError(
            f"which regions? At least two are needed, and here is {found}. Name them: "
            "qa init --regions us-east-1 us-west-2"
        )
    return regions


def _described(source: Source) -> str:
    count = len(source.template.resources)
    return f"{source.path} ({count} resource{'s' if count > 1 else ''})"


def _embedded(sources: Sequence[Source]) -> Iterator[str]:
    """Yield what the embedded AWS will not make of each template, and what to do about it."""
    try:
        from qa.embedded.cloudformation.registry import supported_types  # noqa: PLC0415 - imports moto
    except ModuleNotFoundError:
        yield f"not installed, so nothing is known of it: {INSTALL}"
        return
    known = supported_types()
    for source in sources:
        refused: dict[str, list[str]] = {}
        for logical_id, resource in source.template.resources.items():
            if resource.type not in known:
                refused.setdefault(resource.type, []).append(logical_id)
        for kind, names in refused.items():
            yield f"does not make {kind} of {source.path}: {', '.join(names)}"
        if refused:
            yield "give these a Condition that is false there, or test them with --target aws"


def _left_to_do(scheme: Scheme) -> list[str]:
    return [
        f"{stack.source.path}: write a value for {', '.join(stack.unknown)} into the settings"
        for stack in scheme.stacks
        if stack.unknown
    ]


def _print(word: str, lines: Iterable[str]) -> None:
    for line in lines:
        print(f"{word:8} {line}")


COMMAND = Command(
    name="init",
    short="write settings, a test file and a pipeline's stage for your templates",
    text="Read the templates that are here (or a CDK cloud assembly) and write what qa\n"
    "needs: the settings into qa.toml or pyproject.toml, ready checks into\n"
    "tests/live, lines into .gitignore. What is there stays as it is, so it can be\n"
    "run again.",
    examples="qa init                                    # the templates found here\n"
    "qa init orders.yaml --regions eu-west-1 eu-central-1 --ci github\n"
    "qa init cdk.out",
    codes="0 done, 2 could not be done",
    add_arguments=_add_arguments,
    run=_init,
)
