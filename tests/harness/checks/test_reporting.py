"""Findings as people and programs read them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from qa.checks import RULES, Finding, Severity
from qa.checks.reporting import Report, Style, as_github, as_json, as_lines, as_sarif, as_text, located
from qa.template import parse_template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.template import Template

TEXT = """\
Resources:
  Alerts:
    Type: AWS::SNS::Topic
    Properties:
      Topicname: alerts
Outputs:
  Name: {Value: !Ref Alerts}
"""
MISSPELT = Finding(
    rule="unknown-property",
    severity=Severity.ERROR,
    region=None,
    logical_id="Alerts",
    path=("Resources", "Alerts", "Properties", "Topicname"),
    message="AWS::SNS::Topic has no property 'Topicname'",
    actual="Topicname",
    expected="one of many",
    fix="did you mean TopicName?",
    source="https://docs.aws.amazon.com/",
)
REGIONAL = replace(
    MISSPELT,
    severity=Severity.WARNING,
    region="us-west-2",
    path=("Outputs", "Name", "Value"),
    logical_id="Name",
    actual={"a": [1, None]},
)


def _template() -> Template:
    return parse_template(TEXT, source="a,b.yaml")


def _report(*findings: Finding, unread: tuple[str, ...] = ()) -> Report:
    return Report(
        templates=("a,b.yaml",),
        regions=("us-east-1", "us-west-2"),
        findings=located(findings, _template()),
        unread=unread,
    )


def test_text_groups_by_resource_and_quotes_the_line() -> None:
    assert as_text(_report(MISSPELT, REGIONAL), Style()) == (
        "Alerts  AWS::SNS::Topic\n"
        "\n"
        "  error unknown-property\n"
        "  a,b.yaml:5:7\n"
        "  AWS::SNS::Topic has no property 'Topicname'\n"
        "\n"
        "  5 |       Topicname: alerts\n"
        "    |       ^^^^^^^^^\n"
        "\n"
        "  actual    Topicname\n"
        "  expected  one of many\n"
        "  fix       did you mean TopicName?\n"
        "  see       https://docs.aws.amazon.com/\n"
        "\n"
        "Name  Outputs\n"
        "\n"
        "  warning unknown-property in us-west-2\n"
        "  a,b.yaml:7:10\n"
        "  AWS::SNS::Topic has no property 'Topicname'\n"
        "\n"
        "  7 |   Name: {Value: !Ref Alerts}\n"
        "    |          ^^^^^\n"
        "\n"
        '  actual    {"a": [1, null]}\n'
        "  expected  one of many\n"
        "  fix       did you mean TopicName?\n"
        "  see       https://docs.aws.amazon.com/\n"
        "\n"
        "a,b.yaml in us-east-1, us-west-2: 1 error, 1 warning.\n"
    )


def test_text_shows_what_is_suppressed_with_its_reason() -> None:
    assert as_text(_report(replace(MISSPELT, suppressed="a beta")), Style()) == (
        "Alerts  AWS::SNS::Topic\n"
        "\n"
        "  error unknown-property\n"
        "  a,b.yaml:5:7\n"
        "  AWS::SNS::Topic has no property 'Topicname'\n"
        "  does not count: a beta\n"
        "\n"
        "a,b.yaml in us-east-1, us-west-2: 1 suppressed.\n"
    )


def test_text_of_a_clean_template_is_one_line() -> None:
    assert as_text(_report(), Style()) == "a,b.yaml in us-east-1, us-west-2: no findings.\n"


def test_text_tells_when_nothing_could_be_read() -> None:
    assert as_text(_report(unread=("a,b.yaml: gone",)), Style()) == "1 template could not be read.\n"


def test_line_of_aws_is_never_broken() -> None:
    line = f"Circular dependency between resources: [{', '.join('ABCDEFGHIJ' * 3)}]"

    assert f"  {line}\n" in as_text(_report(replace(MISSPELT, message=line, is_quoted=True)), Style())


def test_text_keeps_to_its_columns_and_to_a_screen() -> None:
    finding = replace(
        MISSPELT, message="word " * 5000, actual=["an item of some length"] * 500, expected="x " * 900
    )

    lines = as_text(_report(finding), Style(width=72)).splitlines()

    assert (max(map(len, lines)) <= 72, len(lines) < 80) == (True, True)


def test_a_logical_id_of_many_words_keeps_to_the_columns() -> None:
    text = as_text(_report(replace(MISSPELT, logical_id=" word" * 40, path=("Resources",))), Style(width=72))

    assert max(map(len, text.splitlines())) <= 72


def test_long_line_is_quoted_around_the_place() -> None:
    text = (
        '{"Resources": {"A": {"Type": "AWS::SNS::Topic", "Properties": {"P": "' + "x" * 3000 + '", "Q": 1}}}}'
    )
    finding = replace(MISSPELT, logical_id="A", path=("Resources", "A", "Properties", "Q"))
    report = Report(
        templates=("one.json",),
        regions=("us-east-1",),
        findings=located([finding], parse_template(text, source="one.json")),
        unread=(),
    )

    quoted = as_text(report, Style(width=60)).splitlines()[6:8]

    assert quoted == [
        f'  1 | {"x" * 41}", "Q": 1}}}}}}}}'.replace("}}}}}}}}", "}}}}"),
        f"    | {' ' * 44}^^^",
    ]


class _Unread(str):
    """A line that may be cut, and not be read from end to end."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("the whole line was read")

    def lstrip(self, _: str | None = None, /) -> str:
        raise AssertionError("the whole line was copied")


def test_of_a_line_of_megabytes_only_what_is_shown_is_looked_at() -> None:
    text = '{"Resources": {"A": {"Type": "AWS::SNS::Topic", "Properties": {"P": "' + "x" * 3_000_000 + '"}}}}'
    finding = replace(MISSPELT, logical_id="A", path=("Resources", "A", "Properties", "P"))
    (found,) = located([finding], parse_template(text, source="one.json"))
    findings = (replace(found, line=_Unread(found.line)),)
    report = Report(templates=("one.json",), regions=("us-east-1",), findings=findings, unread=())

    assert as_text(report, Style(width=60)).splitlines()[6] == f'  1 | ", "Properties": {{"P": "{"x" * 30}'


def test_templates_cannot_speak_to_the_terminal() -> None:
    finding = replace(MISSPELT, message="\x1b[31mred\x07", fix="\ud800")

    text = as_text(_report(finding), Style())

    assert ("\\x1b[31mred\\x07" in text, "\\ud800" in text, "\x1b" in text) == (True, True, False)


def test_a_template_cannot_speak_to_the_log_of_a_workflow() -> None:
    report = _report(replace(MISSPELT, message="\x1b[31mred\x9b\r", fix="\ud800"))

    assert as_github(report).partition("::")[2].partition("::")[2] == (
        "\\x1b[31mred\\x9b\\r%0Afix: \\ud800\n"
    )


def test_colours_are_only_there_on_demand() -> None:
    assert "\x1b[31merror\x1b[0m" in as_text(_report(MISSPELT), Style(is_coloured=True))


def test_json_is_a_list_of_objects() -> None:
    assert json.loads(as_json(_report(replace(REGIONAL, suppressed="why")))) == [
        {
            "rule": "unknown-property",
            "severity": "warning",
            "template": "a,b.yaml",
            "region": "us-west-2",
            "logical_id": "Name",
            "path": ["Outputs", "Name", "Value"],
            "line": 7,
            "column": 10,
            "message": "AWS::SNS::Topic has no property 'Topicname'",
            "actual": {"a": [1, None]},
            "expected": "one of many",
            "fix": "did you mean TopicName?",
            "source": "https://docs.aws.amazon.com/",
            "suppressed": "why",
        }
    ]


def test_lines_are_those_of_a_compiler_and_leave_out_what_is_suppressed() -> None:
    report = _report(replace(REGIONAL, message="two\nlines"), MISSPELT, replace(MISSPELT, suppressed="why"))

    assert as_lines(report) == (
        "a,b.yaml:7:10: warning: two\\nlines; did you mean TopicName? [unknown-property in us-west-2]\n"
        "a,b.yaml:5:7: error: AWS::SNS::Topic has no property 'Topicname'; did you mean TopicName?"
        " [unknown-property]\n"
    )


def test_workflow_commands_are_escaped_and_leave_out_what_is_suppressed() -> None:
    report = _report(replace(REGIONAL, message="100 %\nof it"), replace(MISSPELT, suppressed="why"))

    assert as_github(report) == (
        "::warning file=a%2Cb.yaml,line=7,col=10,title=unknown-property in us-west-2"
        "::100 %25%0Aof it%0Afix: did you mean TopicName?\n"
    )


def test_sarif_names_rule_place_and_suppression() -> None:
    (run,) = json.loads(as_sarif(_report(replace(MISSPELT, suppressed="why")), version="1.2"))["runs"]

    assert run["results"] == [
        {
            "ruleId": "unknown-property",
            "ruleIndex": [rule.id for rule in RULES].index("unknown-property"),
            "level": "error",
            "message": {
                "text": "AWS::SNS::Topic has no property 'Topicname'. Expected: one of many. "
                "Fix: did you mean TopicName?"
            },
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "a,b.yaml"},
                        "region": {"startLine": 5, "startColumn": 7},
                    },
                    "logicalLocations": [
                        {"name": "Alerts", "fullyQualifiedName": "Resources/Alerts/Properties/Topicname"}
                    ],
                }
            ],
            "properties": {
                "region": None,
                "path": ["Resources", "Alerts", "Properties", "Topicname"],
                "actual": "Topicname",
            },
            "suppressions": [{"kind": "external", "justification": "why"}],
        }
    ]


def test_sarif_tells_what_could_not_be_read() -> None:
    (run,) = json.loads(as_sarif(_report(unread=("b.json: gone",)), version="1.2"))["runs"]

    assert run["invocations"] == [
        {
            "executionSuccessful": False,
            "toolExecutionNotifications": [{"level": "error", "message": {"text": "b.json: gone"}}],
        }
    ]
