"""What is written about rules is what their files say."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from k8snet_lint import docs, registry
from k8snet_lint.shipped import shipped

RULES = registry.load().rules
CATCH_ALL = RULES["ingress-wildcard-host"]


def test_a_page_holds_the_text_of_the_file_and_what_the_rule_is_declared_as() -> None:
    text = docs.explain(CATCH_ALL)
    assert text.startswith("# ingress-wildcard-host\n\nIngress claims every host.\n\nA rule without a host")
    assert CATCH_ALL.docs.strip().partition("\n")[2].strip() in text
    assert "* Severity: warning (in some cases note)\n* Evidence: local: one object decides\n" in text
    assert "* Presets: recommended, strict\n* Subject: ingress\n* Since: 0.1\n" in text


def test_a_page_lists_the_options_as_the_configuration_spells_them() -> None:
    text = docs.explain(CATCH_ALL)
    assert "| `allow` | list of texts | `[]` |\n| `single-tenant` | true or false | `false` |\n" in text
    assert "`single-tenant` says that nobody else's hosts" in text


def test_a_page_names_what_the_rule_is_mapped_to() -> None:
    assert "* Mapped to: CVE-2021-25742\n" in docs.explain(RULES["nginx-snippet"])


def test_the_table_leads_to_every_page() -> None:
    table = docs.rule_table(list(RULES.values()))
    assert all(f"[{rule.id}]({rule.subject}/{rule.id}.md)" in table for rule in RULES.values())
    assert table.index("## engine") < table.index("## ingress") < table.index("## service")


def test_the_list_gives_each_rule_a_line() -> None:
    lines = docs.rules_text([CATCH_ALL, RULES["parse-error"]]).splitlines()
    assert lines == [
        "engine:",
        "  parse-error            error    Input does not parse",
        "",
        "ingress:",
        "  ingress-wildcard-host  warning  Ingress claims every host",
    ]


def test_the_json_list_has_what_a_program_wants_to_know() -> None:
    (described,) = json.loads(docs.rules_json([CATCH_ALL]))
    assert described == {
        "id": "ingress-wildcard-host",
        "severity": "warning",
        "summary": "Ingress claims every host",
        "subject": "ingress",
        "evidence": "L",
        "presets": ["recommended", "strict"],
        "options": [
            {"name": "allow", "value": "list of texts", "default": []},
            {"name": "single-tenant", "value": "true or false", "default": False},
        ],
        "fixable": False,
        "references": [],
    }


def test_without_docstrings_explain_says_why_there_is_no_page() -> None:
    code = "from k8snet_lint import docs, registry; print(docs.explain(registry.load().rules['nginx-snippet']))"
    ran = subprocess.run([sys.executable, "-OO", "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("# nginx-snippet\n\nThis page is not there: Python runs with -OO")


@pytest.mark.parametrize("rule_id", [each for each in RULES if RULES[each].options])
def test_each_paragraph_on_options_is_whole(rule_id: str) -> None:
    text = docs.explain(RULES[rule_id]).partition("\nOptions:\n")[2].partition("\nDeclared as:\n")[0]
    assert [each for each in text.strip().split("\n\n") if not re.match(r"[A-Z`|]", each)] == []


@pytest.mark.parametrize("rule_id", RULES)
def test_a_page_spells_the_keys_of_the_configuration_as_they_are_read(rule_id: str) -> None:
    properties = json.loads((shipped("schemas") / "config.schema.json").read_text(encoding="utf-8"))["properties"]
    keys = "|".join(key for key in properties if "-" in key)
    assert re.findall(rf"`[\w-]+\.(?:{keys})`", RULES[rule_id].docs) == []
