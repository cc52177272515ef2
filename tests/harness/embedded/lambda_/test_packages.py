"""The files of packages go with the functions that have them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from moto.awslambda.models import lambda_backends

from qa.embedded.lambda_.packages import Packages, compiled_names

from .functions import zipped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .functions import Aws


@pytest.fixture
def alone(aws: Aws) -> Iterator[Aws]:
    """An embedded AWS that has no function but those of the test."""
    yield aws
    for each in lambda_backends["123456789012"]["us-east-1"].list_functions():
        aws.client("lambda").delete_function(FunctionName=each.function_name)


def answering(text: str) -> str:
    return f"exports.handler = async () => {json.dumps(text)};"


def files(aws: Aws) -> set[Path]:
    """Return all files below the scratch folder of the embedded AWS."""
    return {path for path in aws.world.scratch.rglob("*") if path.is_file()}


def packages(aws: Aws) -> set[str]:
    """Return the texts of all unpacked index.js."""
    return {path.read_text() for path in aws.world.scratch.glob("lambda/code/*/task/index.js")}


def deleted(aws: Aws, *names: str) -> None:
    for name in names:
        aws.client("lambda").delete_function(FunctionName=name)


def updated(aws: Aws, name: str, source: str) -> None:
    aws.client("lambda").update_function_code(FunctionName=name, ZipFile=zipped({"index.js": source}))


def test_functions_made_run_and_deleted_leave_no_file(alone: Aws) -> None:
    role = alone.role()

    for number in range(10):
        name = alone.function(answering(f"{number}"), Role=role)
        assert alone.invoke(name)["Payload"] == f"{number}"
        deleted(alone, name)

    assert files(alone) == set()


@pytest.mark.parametrize("suffix", ["js", "mjs"])
@pytest.mark.parametrize("runtime", ["nodejs22.x", "nodejs24.x"])
def test_a_deleted_function_leaves_nothing_beside_one_that_stays(
    alone: Aws, suffix: str, runtime: str
) -> None:
    stays = alone.function(answering("stays"), Runtime=runtime)
    alone.invoke(stays)
    before = files(alone)
    source = {"js": answering("goes"), "mjs": "export const handler = async () => 'goes';"}[suffix]
    goes = alone.function({f"index.{suffix}": source, "notes/a.txt": "a"}, Runtime=runtime)
    assert alone.invoke(goes)["Payload"] == "goes"

    deleted(alone, goes)

    environments = alone.world.scratch / "lambda" / "environments"
    left = {path for path in files(alone) - before if environments not in path.parents}
    # a module of the runtime's own that only this kind of handler makes it load may be compiled now
    assert {path for path in left if "compile-cache" not in path.parts} == set()
    again = alone.function(answering("stays"), Runtime=runtime)
    assert alone.invoke(again)["Payload"] == "stays"
    deleted(alone, stays, again)
    assert files(alone) == set()


def test_the_names_of_what_node_compiled_have_leading_zeros(tmp_path: Path) -> None:
    for number in range(64):
        (tmp_path / f"{number}.js").touch()

    names = set(compiled_names(tmp_path))

    assert {len(name) for name in names} == {8}
    assert [name for name in names if name.startswith("0")] != []


def test_what_node_compiled_of_a_package_goes_with_it(alone: Aws) -> None:
    stays = alone.function(answering("stays"))
    alone.invoke(stays)
    before = set(alone.world.scratch.glob("lambda/compile-cache/*/*"))
    goes = alone.function(answering("goes"))
    alone.invoke(goes)
    compiled = set(alone.world.scratch.glob("lambda/compile-cache/*/*")) - before

    deleted(alone, goes)

    assert compiled != set()
    assert set(alone.world.scratch.glob("lambda/compile-cache/*/*")) == before


def test_new_code_takes_the_place_of_the_old_on_disk(alone: Aws) -> None:
    name = alone.function(answering("old"))
    alone.invoke(name)

    updated(alone, name, answering("new"))

    assert packages(alone) == set()
    assert alone.invoke(name)["Payload"] == "new"
    assert packages(alone) == {answering("new")}


def test_the_same_code_again_keeps_the_warm_environment(alone: Aws) -> None:
    package = zipped({"index.js": "exports.handler = async () => process.pid;"})
    name = alone.function("", Code={"ZipFile": package})
    pid = alone.invoke(name)["Payload"]

    alone.client("lambda").update_function_code(FunctionName=name, ZipFile=package)

    assert alone.invoke(name)["Payload"] == pid


def test_a_package_of_two_functions_stays_until_the_second_is_deleted(alone: Aws) -> None:
    package = zipped({"index.js": answering("shared")})
    first, second = (alone.function("", Code={"ZipFile": package}) for _ in range(2))
    alone.invoke(first)

    deleted(alone, first)

    assert packages(alone) == {answering("shared")}
    deleted(alone, second)
    assert packages(alone) == set()


def test_a_published_version_keeps_its_package(alone: Aws) -> None:
    name = alone.function(answering("published"))
    version = alone.client("lambda").publish_version(FunctionName=name)["Version"]
    alone.invoke(name, Qualifier=version)

    updated(alone, name, answering("latest"))

    assert packages(alone) == {answering("published")}
    assert alone.invoke(name, Qualifier=version)["Payload"] == "published"
    deleted(alone, name)
    assert packages(alone) == set()


def test_a_reset_removes_all_packages(alone: Aws) -> None:
    name = alone.function(answering("reset"))
    alone.invoke(name)

    alone.world.reset()

    assert files(alone) == set()


def test_a_package_that_an_environment_runs_stays_until_its_end(tmp_path: Path) -> None:
    store = Packages()
    held: dict[str, Any] = {"home": tmp_path, "node_modules": tmp_path / "node_modules"}
    package = zipped({"index.js": "1"})
    first = store.hold(package, **held)
    second = store.hold(package, **held)

    store.release(first)
    store.keep((), home=tmp_path)
    kept = (second / "index.js").read_text()
    store.release(second)
    store.keep((), home=tmp_path)

    assert (kept, first == second, [path for path in tmp_path.rglob("*") if path.is_file()]) == (
        "1",
        True,
        [],
    )


def test_a_package_that_cannot_be_unpacked_leaves_nothing(tmp_path: Path) -> None:
    clashing = zipped({"a": "a file", "a/b": "whose name is also a folder's"})

    with pytest.raises(OSError, match="a"):
        Packages().hold(clashing, home=tmp_path, node_modules=tmp_path)

    assert [path.name for path in tmp_path.rglob("*")] == ["compile-cache"]
