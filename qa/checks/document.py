"""docs/rules.md, made from the rules: `python -m qa.checks.document > docs/rules.md`."""

from __future__ import annotations

import sys

from .catalogue import RULES

_HEAD = """\
# Rules of `qa check`

Generated from the rules by `python -m qa.checks.document`; do not edit. `qa check --explain RULE` prints one.

An **error** cannot work, a **warning** may not work, a **note** is worth a look. What cannot be resolved is
unknown, not wrong: no rule judges it.

## Adding a rule

One function in a module of `qa/checks/rules`, one line in `qa/checks/catalogue.py`, one template that passes
and one that fails in `tests/harness/checks`:

```python
@rule("topic-without-name", severity=Severity.NOTE, source="https://docs.aws.amazon.com/…")
def topic_without_name(context: Context) -> Iterator[Fault]:
    \"\"\"A topic that AWS names. (The docstring is what --explain prints.)\"\"\"
    for stack in context.stacks:                                  # the template as each region's stack
        for topic in stack.of_type("AWS::SNS::Topic"):            # properties resolved, Unknown where open
            if "TopicName" not in topic.properties:
                yield Fault(
                    region=stack.region,                          # alike in all regions: joined to one
                    path=stack.path_of(topic.logical_id, "TopicName"),
                    message=f"{topic.logical_id} has no name of its own",
                    actual=None,
                    expected="a TopicName",
                    fix="add TopicName",
                )
```

`context.template`, `context.references` and `context.graph` are the template as written;
`stack.holds(logical_id)` and `stack.takes(path)` say what counts in a region, None where that is not known.

"""


def rules_document() -> str:
    """Return the page: a table of all rules, then each with its explanation and source."""
    table = ["| rule | severity | |", "|---|---|---|"]
    table += [f"| [{each.id}](#{each.id}) | {each.severity.value} | {each.title} |" for each in RULES]
    parts = [
        f"## {each.id}\n\n*{each.severity.value}* · {each.explanation}\n\n[source]({each.source})"
        for each in RULES
    ]
    return _HEAD + "\n".join(table) + "\n\n" + "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.stdout.write(rules_document())
