"""`python -m benchmarks`: one table at the end, a file for pipelines, and no figure of what does not work."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

from benchmarks.__main__ import BENCHMARKS, main
from benchmarks.figures import Curve, Figure, Samples
from benchmarks.measuring import BenchmarkError
from benchmarks.plot import plot

if TYPE_CHECKING:
    from pathlib import Path

KEPT = Figure(
    measured=Samples(what="a step", values=(0.125, 0.25, 0.375)),
    reference=Samples(what="two steps", values=(0.5, 0.25, 0.75)),
    at_most_ratio=0.5,
)
MISSED = Figure(measured=Samples(what="a leap", values=(2.0,)), at_most=1.0)
CURVES = (
    Curve(what="uphill", points=((50, 0.02), (500, 0.2))),
    Curve(what="downhill", points=((50, 0.01), (500, 0.15))),
)


def steps() -> tuple[Figure, ...]:
    return KEPT, MISSED


def growth() -> tuple[Curve, ...]:
    return CURVES


def broken() -> tuple[Figure, ...]:
    raise BenchmarkError("the subject is out of order")


@pytest.fixture(autouse=True)
def benchmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, measure in {"steps": steps, "growth": growth, "broken": broken}.items():
        monkeypatch.setitem(BENCHMARKS, name, measure)


def test_table_marks_what_misses_its_budget(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["steps", "growth"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[:-1] == [
        "qa check by the number of resources:",
        "  resources        uphill      downhill",
        "         50       20.0 ms       10.0 ms",
        "        500        200 ms        150 ms",
        "",
        "  figure                              budget   ratio    n  median (min–max)",
        "  a step                               0.5 ×  0.50 ×    3  250 ms (125–375)",
        "    against two steps                                   3  500 ms (250–750)",
        "! a leap                                 1 s            1  2.00 s (2.00–2.00)",
        "! missed: a leap",
    ]


def test_json_holds_every_sample_and_bound(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"

    assert main(["steps", "growth", "--json", str(path)]) == 0

    parsed = json.loads(path.read_text(encoding="utf-8"))
    assert set(parsed.pop("machine")) == {"cores", "load_before", "load_after", "python"}
    assert parsed == {
        "figures": [
            {
                "what": "a step",
                "unit": "s",
                "median": 0.25,
                "values": [0.125, 0.25, 0.375],
                "against": {"what": "two steps", "unit": "s", "median": 0.5, "values": [0.5, 0.25, 0.75]},
                "ratio": 0.5,
                "at_most": None,
                "at_most_ratio": 0.5,
                "within_budget": True,
            },
            {
                "what": "a leap",
                "unit": "s",
                "median": 2.0,
                "values": [2.0],
                "against": None,
                "ratio": None,
                "at_most": 1.0,
                "at_most_ratio": None,
                "within_budget": False,
            },
        ],
        "curves": [
            {"what": "uphill", "points": [[50, 0.02], [500, 0.2]]},
            {"what": "downhill", "points": [[50, 0.01], [500, 0.15]]},
        ],
    }


def test_subject_that_does_not_work_ends_the_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "figures.json"

    assert main(["broken", "steps", "--json", str(path)]) == 2

    output = capsys.readouterr()
    assert (output.out, output.err) == ("", "broken: the subject is out of order\n")
    assert not path.exists()


def test_plot_draws_every_point_and_names_every_curve(tmp_path: Path) -> None:
    path = tmp_path / "growth.svg"

    assert main(["growth", "--plot", str(path)]) == 0

    drawn = ET.parse(path).getroot()  # noqa: S314 - written a moment ago by us
    svg = "{http://www.w3.org/2000/svg}"
    drawings = [len(each.attrib["points"].split()) for each in drawn.iter(f"{svg}polyline")]
    texts = [each.text for each in drawn.iter(f"{svg}text")]
    assert drawings == [2, 2]
    assert {"uphill", "downhill", "500", "300 ms for 500", "4 s for 5,000"} <= set(texts)
    assert drawn.attrib["aria-label"] == (
        "qa check by the number of resources; the most are uphill 500 in 200 ms, downhill 500 in 150 ms"
    )


def test_larger_and_slower_lies_further_right_and_up() -> None:
    drawn = ET.fromstring(plot(CURVES))  # noqa: S314 - as above
    line = next(drawn.iter("{http://www.w3.org/2000/svg}polyline")).attrib["points"]
    (x1, y1), (x2, y2) = (map(float, place.split(",")) for place in line.split())

    assert x1 < x2
    assert y1 > y2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["unheard-of"], "error: no benchmark 'unheard-of'; there are plugin-import"),
        (["steps", "--plot", "x.svg"], "error: --plot draws the curves of `growth`, which is not measured"),
    ],
    ids=["unknown name", "plot of nothing"],
)
def test_usage_that_cannot_be_meant_is_refused(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert message in capsys.readouterr().err
