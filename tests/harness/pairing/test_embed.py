"""lib/embed.py: what it writes is the same template, short and with the processor's source in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lib import embed

if TYPE_CHECKING:
    from pathlib import Path

FUNCTION = {
    "Type": "AWS::Lambda::Function",
    "Properties": {"Runtime": "nodejs22.x", "Code": {"ZipFile": "old"}},
}
TOPIC = {"Type": "AWS::SNS::Topic"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(embed, "TEMPLATE", tmp_path / "template.json")
    monkeypatch.setattr(embed, "SOURCE", tmp_path / "source.js")
    (tmp_path / "template.json").write_text(json.dumps({"Resources": {"F": FUNCTION}}), encoding="utf-8")
    (tmp_path / "source.js").write_text("exports.handler = 'ü';\n", encoding="utf-8")
    return tmp_path


def test_short_objects_and_lists_stand_on_one_line() -> None:
    columns = {"Short": {"Ref": "Topic"}, "Long": ["a" * 60, {"b": "c" * 60}], "Empty": {}}

    assert embed.laid_out(columns).split("\n") == [
        "{",
        '  "Short": {"Ref": "Topic"},',
        '  "Long": [',
        f'    "{"a" * 60}",',
        f'    {{"b": "{"c" * 60}"}}',
        "  ],",
        '  "Empty": {}',
        "}",
        "",
    ]


def test_a_line_has_at_most_100_columns_with_its_comma() -> None:
    after, fits, does_not = "b" * 100, ["a" * 93], ["a" * 94]

    assert embed.laid_out([fits, after]).split("\n")[1] == f'  ["{"a" * 93}"],'
    assert embed.laid_out([does_not, after]).split("\n")[1] == "  ["


def test_every_function_gets_the_source_and_nothing_else_changes() -> None:
    after = embed.embedded({"Resources": {"F": FUNCTION, "T": TOPIC}, "Outputs": {}}, "new")

    assert after == {
        "Resources": {
            "F": {
                "Type": "AWS::Lambda::Function",
                "Properties": {"Runtime": "nodejs22.x", "Code": {"ZipFile": "new"}},
            },
            "T": TOPIC,
        },
        "Outputs": {},
    }


def test_check_tells_a_difference_and_changes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "template.json").read_text(encoding="utf-8")

    assert embed.main(["--check"]) == 1
    assert (folder / "template.json").read_text(encoding="utf-8") == before
    assert capsys.readouterr().err == (
        "template.json differs from source.js or from its layout: run python lib/embed.py\n"
    )


def test_after_embedding_check_finds_no_difference(folder: Path) -> None:
    assert embed.main([]) == 0
    assert embed.main(["--check"]) == 0
    template = json.loads((folder / "template.json").read_text(encoding="utf-8"))
    assert template["Resources"]["F"]["Properties"]["Code"] == {"ZipFile": "exports.handler = 'ü';\n"}


def test_an_unknown_option_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert embed.main(["--chek"]) == 2
    assert capsys.readouterr().err == "usage: python lib/embed.py [--check]\n"
