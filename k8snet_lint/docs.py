"""What is written about rules, made from the rules themselves: pages, tables, lists."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

from k8snet_lint.declare import Evidence, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STRIPPED = "This page is not there: Python runs with -OO, which strips the text that pages are made of."

_EVIDENCE = {
    Evidence.LOCAL: "local: one object decides",
    Evidence.CONTRADICTION: "contradiction: two objects that are both present disagree",
    Evidence.ABSENCE: "absence: something is not among the scanned files; a note, unless they should hold it",
}
_TYPES = {bool: "true or false", int: "whole number", str: "text", tuple: "list of texts"}


def explain(rule: Rule) -> str:
    """A rule's page as markdown: what its file says, and what it is declared as."""
    summary, body = rule.docs.strip().partition("\n")[::2]
    parts = [f"# {rule.id}", summary, body.strip(), *_declared(rule)] if summary else [f"# {rule.id}", STRIPPED]
    return "\n\n".join(filter(None, parts)) + "\n"


def _declared(rule: Rule) -> Iterator[str]:
    if rule.options is not None:
        yield "\n\n".join(("Options:", _options_table(rule), _options_docs(rule)))
    others = [severity.label for severity in reversed(rule.severities) if severity is not rule.severity]
    facts = {
        "Severity": rule.severity.label + (f" (in some cases {' or '.join(others)})" if others else ""),
        "Evidence": _EVIDENCE[rule.evidence],
        "Presets": ", ".join(sorted(rule.presets)),
        "Subject": rule.subject,
        "Supersedes": ", ".join(rule.supersedes),
        "Mends by itself": "yes" if rule.fixable else "",
        "Mapped to": ", ".join(rule.references),
        "Formerly": ", ".join(rule.aliases),
        "Since": rule.since,
    }
    yield "Declared as:"
    yield "\n".join(f"* {name}: {value}" for name, value in facts.items() if value)


def _options_table(rule: Rule) -> str:
    rows = [f"| `{name}` | {kind} | `{json.dumps(default)}` |" for name, kind, default in _options(rule)]
    return "\n".join(("| option | value | default |", "|---|---|---|", *rows))


def _options_docs(rule: Rule) -> str:
    """The options' docstring, with the options as the configuration spells them."""
    lines = (rule.options.__doc__ or "" if rule.options else "").strip().splitlines()
    text = "\n".join(line.strip() for line in lines).replace("Shapes: ", "")
    for name, _, _ in _options(rule):
        text = text.replace(f"`{name.replace('-', '_')}`", f"`{name}`")
    return text


def _options(rule: Rule) -> Iterator[tuple[str, str, Any]]:
    """Name in the configuration, kind of value in words, default as JSON has it."""
    for name, default in rule.defaults.items():
        yield name.replace("_", "-"), _TYPES[type(default)], list(default) if isinstance(default, tuple) else default


def rule_table(rules: Sequence[Rule]) -> str:
    """The rules as markdown tables, one a subject, each row leading to the rule's page beside the table."""
    return "\n\n".join(_table(subject, members) for subject, members in _by_subject(rules)) + "\n"


def _table(subject: str, rules: Sequence[Rule]) -> str:
    head = f"## {subject}\n\n| rule | what is wrong | severity | evidence | presets |\n|---|---|---|---|---|"
    return "\n".join((head, *(_row(rule) for rule in rules)))


def _row(rule: Rule) -> str:
    link = f"[{rule.id}]({rule.subject}/{rule.id}.md)"
    return f"| {link} | {_cell(rule.summary)} | {rule.severity.label} | {_word(rule)} | {_presets(rule)} |"


def comparison_rest(rules: Sequence[Rule], comparison: str) -> str:
    """The rules that a comparison with other tools has no link to, as a markdown list, one line a subject."""
    rest = [rule for rule in rules if rule.check is not None and f"]({_page(rule)})" not in comparison]
    lines = (f"* {subject}: {', '.join(map(_link, members))}\n" for subject, members in _by_subject(rest))
    return "".join(lines)


def _link(rule: Rule) -> str:
    return f"[{rule.id}]({_page(rule)})"


def _page(rule: Rule) -> str:
    return f"rules/{rule.subject}/{rule.id}.md"


def rules_text(rules: Sequence[Rule]) -> str:
    """The rules for a terminal: id, severity and summary in columns, by subject."""
    width = max((len(rule.id) for rule in rules), default=0)
    blocks = (
        "\n".join((f"{subject}:", *(_line(rule, width) for rule in members))) for subject, members in _by_subject(rules)
    )
    return "\n\n".join(blocks) + "\n"


def _line(rule: Rule, width: int) -> str:
    return f"  {rule.id:{width}}  {rule.severity.label:7}  {rule.summary}".rstrip()


def rules_json(rules: Sequence[Rule]) -> str:
    """The rules as a JSON list of objects."""
    return json.dumps([_as_json(rule) for rule in rules], indent=2, ensure_ascii=False) + "\n"


def _as_json(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "severity": rule.severity.label,
        "summary": rule.summary,
        "subject": rule.subject,
        "evidence": rule.evidence.value,
        "presets": sorted(rule.presets),
        "options": [{"name": name, "value": kind, "default": default} for name, kind, default in _options(rule)],
        "fixable": rule.fixable,
        "references": list(rule.references),
    }


def keys_table(schema: dict[str, Any]) -> str:
    """The configuration's keys as a markdown table, from its schema."""
    rows = "".join(f"| `{key}` | {default} | {text} |\n" for key, default, text in _keys(schema["properties"], ""))
    return f"| key | default | meaning |\n|---|---|---|\n{rows}"


def _keys(properties: dict[str, Any], above: str) -> Iterator[tuple[str, str, str]]:
    for name, schema in properties.items():
        key = f"{above}{name}"
        default = f"`{json.dumps(schema['default'])}`" if "default" in schema else ""
        yield key, default, _cell(schema.get("description", ""))
        if name != "options":
            yield from _keys(schema.get("properties", {}), f"{key}.")
            yield from _keys(schema.get("items", {}).get("properties", {}), f"{key}[].")


def options_schema(rule: Rule) -> dict[str, object]:
    """The JSON Schema of a rule's options, as they stand in the configuration under its id."""
    kinds: dict[type, dict[str, object]] = {
        bool: {"type": "boolean"},
        int: {"type": "integer"},
        str: {"type": "string"},
        list: {"type": "array", "items": {"type": "string"}},
    }
    return {
        "description": f"{rule.summary}.",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: {**kinds[type(default)], "default": default} for name, _, default in _options(rule)},
    }


def _by_subject(rules: Sequence[Rule]) -> Iterator[tuple[str, list[Rule]]]:
    ordered = sorted(rules, key=lambda rule: (rule.subject, rule.id))
    for subject, members in groupby(ordered, key=lambda rule: rule.subject):
        yield subject, list(members)


def _word(rule: Rule) -> str:
    return rule.evidence.name.lower()


def _presets(rule: Rule) -> str:
    return ", ".join(sorted(rule.presets))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
