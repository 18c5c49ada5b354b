from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from sarif_kit.validate import validation_errors

from k8snet_lint.declare import Evidence, Preset, Severity
from k8snet_lint.report import Finding, Related, Report, Suppressed
from k8snet_lint.reporters import Style
from k8snet_lint.reporters.sarif import RESULT_LIMIT, render
from k8snet_lint.shipped import shipped
from k8snet_lint.source import Source
from k8snet_lint.version import __version__
from tests.sample_report import (
    CHAINED,
    DEPLOYMENT,
    EVERYTHING,
    NODE_PORT,
    PAGE,
    SUPPRESSED,
    TARGET_PORT,
    hostile_reports,
    place,
    rule,
)

PLAIN = Style()


def run(report: Report, style: Style = PLAIN) -> dict[str, Any]:
    """The one run of the report's log."""
    log = json.loads(render(report, style))
    assert log["version"] == "2.1.0"
    (only,) = log["runs"]
    assert isinstance(only, dict)
    return only


def result(finding: Finding, style: Style = PLAIN) -> dict[str, Any]:
    (only,) = run(Report((finding,)), style)["results"]
    assert isinstance(only, dict)
    return only


def descriptors(report: Report) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run(report)["tool"]["driver"]["rules"]
    return found


def uri(name: str, style: Style = PLAIN) -> str:
    """What the log calls the source of that name."""
    finding = NODE_PORT._replace(location=place(Source(name, ""), 1, 1, 2))
    location = result(finding, style)["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location.get("uriBaseId") == (None if location["uri"].startswith("file:") else "%SRCROOT%")
    return str(location["uri"])


@pytest.mark.parametrize("style", [PLAIN, Style(show_suppressed=True)], ids=["open", "all"])
@pytest.mark.parametrize("report", [Report(), EVERYTHING._replace(rules=(rule(),))], ids=["empty", "everything"])
def test_the_log_is_valid_against_the_oasis_schema(report: Report, style: Style) -> None:
    assert validation_errors(json.loads(render(report, style))) == []


@settings(max_examples=25, deadline=None)
@given(hostile_reports)
def test_the_log_is_valid_whatever_the_manifests_hold(report: Report) -> None:
    text = render(report, Style(show_suppressed=True))
    assert validation_errors(json.loads(text.encode("utf-8"))) == []
    assert not [c for c in text if c != "\n" and (ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0)]


def test_the_run_tells_the_tool_and_how_to_read_its_places() -> None:
    only = run(Report())
    assert only["tool"]["driver"]["name"] == "k8snet-lint"
    assert only["tool"]["driver"]["semanticVersion"] == __version__
    assert only["automationDetails"]["id"].endswith("/")
    assert only["columnKind"] == "unicodeCodePoints"
    assert list(only["originalUriBaseIds"]) == ["%SRCROOT%"]
    assert "uri" not in only["originalUriBaseIds"]["%SRCROOT%"]


def test_a_clean_run_has_results_that_are_none() -> None:
    only = run(Report())
    assert only["results"] == []
    assert only["tool"]["driver"]["rules"] == []
    assert only["invocations"] == [{"executionSuccessful": True}]


def test_a_result() -> None:
    assert result(TARGET_PORT) == {
        "ruleId": "service-target-port-unknown",
        "ruleIndex": 0,
        "level": "error",
        "message": {
            "text": "Service/shop/web forwards to port 8080, which its pods do not declare."
            " See [Deployment/shop/web declares 80](1)."
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "deploy/web.yaml", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 11, "startColumn": 19, "endLine": 11, "endColumn": 23},
                },
                "logicalLocations": [{"name": "web", "fullyQualifiedName": "v1/Service/shop/web", "kind": "resource"}],
            }
        ],
        "relatedLocations": [
            {
                "id": 1,
                "physicalLocation": {
                    "artifactLocation": {"uri": "deploy/pods.yaml", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 100, "startColumn": 11, "endLine": 100, "endColumn": 28},
                },
                "message": {"text": "Deployment/shop/web declares 80."},
            }
        ],
        "partialFingerprints": {
            "primaryLocationLineHash": "fedcba9876543210",
            "k8snetLint/v1": "fedcba9876543210",
        },
    }


def test_a_chain_is_a_code_flow() -> None:
    (flow,) = result(CHAINED)["codeFlows"]
    (thread,) = flow["threadFlows"]
    steps = [step["location"] for step in thread["locations"]]
    assert [step["physicalLocation"]["region"]["startLine"] for step in steps] == [8, 100]
    assert [step["message"]["text"] for step in steps] == [
        "Service/shop/web opens it on every node.",
        "no policy limits its connections.",
    ]
    assert result(CHAINED)["relatedLocations"] == steps
    assert "codeFlows" not in result(TARGET_PORT)


@pytest.mark.parametrize("severity", Severity)
def test_the_level_is_written_even_where_it_is_the_default(severity: Severity) -> None:
    assert result(NODE_PORT._replace(severity=severity))["level"] == severity.name.lower()


def test_help_follows_the_message() -> None:
    assert result(NODE_PORT)["message"]["text"] == (
        "Service/shop/web opens a port on every node. Help: use type ClusterIP behind an Ingress or a Gateway."
    )


def test_units_are_named() -> None:
    assert result(NODE_PORT._replace(units=("dev", "prod")))["properties"] == {"units": ["dev", "prod"]}
    assert "properties" not in result(NODE_PORT)


def test_the_group_of_an_object_is_part_of_its_name() -> None:
    logical = result(NODE_PORT._replace(resource=DEPLOYMENT))["locations"][0]["logicalLocations"][0]
    assert logical["fullyQualifiedName"] == "apps/v1/Deployment/shop/web"


def test_a_finding_about_a_file_has_no_logical_location_and_one_without_fingerprint_none() -> None:
    only = result(NODE_PORT._replace(resource=None, fingerprint=""))
    assert "logicalLocations" not in only["locations"][0]
    assert "partialFingerprints" not in only


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("ports[0] is odd", r"ports\[0\] is odd."),
        ("[click](https://example.org)", r"\[click\](https://example.org)."),
        ("a\\b", r"a\\b."),
        ("path /{0}/x{12} and {app: web}", "path /{{0}}/x{{12}} and {app: web}."),
        ("ends.", "ends."),
        ("two\nlines\x1b[0m\u202e", r"two lines\[0m."),
    ],
)
def test_no_text_of_a_manifest_becomes_a_link_or_a_placeholder(message: str, text: str) -> None:
    assert result(NODE_PORT._replace(message=message, help=""))["message"]["text"] == text


def test_links_to_related_places_are_numbered_and_their_text_is_escaped() -> None:
    where = place(Source("a.yaml", ""), 1, 2, 3)
    finding = NODE_PORT._replace(help="", related=(Related(where, "item [0]"), Related(where, "")))
    only = result(finding)
    assert only["message"]["text"].endswith(r" See [item \[0\]](1), [a.yaml:1:2](2).")
    assert [related["id"] for related in only["relatedLocations"]] == [1, 2]


def test_of_many_related_places_ten_are_linked_and_the_rest_counted() -> None:
    only = result(TARGET_PORT._replace(related=TARGET_PORT.related * 12))
    assert len(only["relatedLocations"]) == 10
    assert only["message"]["text"].endswith("(10), and 2 more places.")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("deploy/web.yaml", "deploy/web.yaml"),
        ("./deploy//web.yaml", "deploy/web.yaml"),
        ("a b#c?d%é.yaml", "a%20b%23c%3Fd%25%C3%A9.yaml"),
        ("c:d.yaml", "c%3Ad.yaml"),
        ("<stdin>", "%3Cstdin%3E"),
        ("/srv/a b.yaml", "file:///srv/a%20b.yaml"),
        ("C:/srv/web.yaml", "file:///C:/srv/web.yaml"),
        ("half\ud800.yaml", "half%3F.yaml"),
    ],
)
def test_names_of_sources_are_uris(name: str, expected: str) -> None:
    assert uri(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("web.yaml", "deploy/web.yaml"),
        ("/srv/shop/deploy/web.yaml", "deploy/web.yaml"),
        ("../web.yaml", "web.yaml"),
        ("../../other/web.yaml", "../other/web.yaml"),
        ("/srv/other/web.yaml", "../other/web.yaml"),
        ("<stdin>", "%3Cstdin%3E"),
    ],
)
def test_uris_are_relative_to_the_root_however_the_path_was_given(name: str, expected: str) -> None:
    assert uri(name, Style(root="/srv/shop", directory="/srv/shop/deploy")) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("web.yaml", "deploy/web.yaml"),
        ("c:/shop/deploy/web.yaml", "deploy/web.yaml"),
        ("D:/web.yaml", "file:///D:/web.yaml"),
    ],
)
def test_drives_are_told_apart_whatever_their_case(name: str, expected: str) -> None:
    assert uri(name, Style(root="C:/shop", directory="C:/shop/deploy")) == expected


def test_suppressed_results_are_left_out_unless_asked_for() -> None:
    assert run(Report((SUPPRESSED,)))["results"] == []
    assert result(SUPPRESSED, Style(show_suppressed=True))["suppressions"] == [
        {
            "kind": "inSource",
            "status": "accepted",
            "justification": "a legacy client",
            "properties": {"by": "deploy/web.yaml:7:3"},
        }
    ]


def test_a_suppression_of_the_configuration_is_external() -> None:
    finding = SUPPRESSED._replace(suppressed=Suppressed("configuration", "", ".k8snet-lint.yaml:4:5"))
    (only,) = result(finding, Style(show_suppressed=True))["suppressions"]
    assert only["kind"] == "external"
    assert "justification" not in only


def test_unread_inputs_and_crashed_rules_are_notifications() -> None:
    only = run(EVERYTHING)
    (invocation,) = only["invocations"]
    assert invocation["executionSuccessful"] is False
    unread, crashed = invocation["toolExecutionNotifications"]
    assert unread["message"]["text"] == "deploy/broken.yaml:3:4: the quote is never closed. Help: close it."
    assert unread["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "deploy/broken.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3, "startColumn": 4},
    }
    assert crashed["message"]["text"].startswith("rule policy-open-cidr crashed at rules/policy/policy_open_cidr.py:31")
    for notification in (unread, crashed):
        described = only["tool"]["driver"]["notifications"][notification["descriptor"]["index"]]
        assert notification["level"] == "error"
        assert described["id"] == notification["descriptor"]["id"]


def test_a_descriptor_comes_from_the_rules_page() -> None:
    ours = rule(file=f"{shipped('rules')}/service/service_node_port.py", references=("CWE-79", "CIS 5.3.2"))
    assert descriptors(Report(rules=(ours,))) == [
        {
            "id": "service-node-port",
            "name": "ServiceNodePort",
            "shortDescription": {"text": "Service opens a port on every node."},
            "fullDescription": {
                "text": "A `NodePort` Service listens on the same port of every node, so its traffic"
                " skips the TLS and the access rules.\n\nPublish through an Ingress."
            },
            "help": {"text": PAGE.strip(), "markdown": PAGE.strip()},
            "helpUri": "https://github.com/k8snet-lint/k8snet-lint/blob/main/docs/rules/service/service-node-port.md",
            "defaultConfiguration": {"level": "warning"},
            "properties": {
                "tags": ["security", "strict", "service", "local", "external/cwe/cwe-079", "CIS 5.3.2"],
                "precision": "very-high",
                "problem.severity": "warning",
                "security-severity": "5.5",
            },
        }
    ]


def test_a_users_own_rule_has_no_page_on_the_web() -> None:
    assert "helpUri" not in descriptors(Report(rules=(rule(),)))[0]


def test_only_rules_about_security_have_a_security_severity() -> None:
    other = rule(presets=(Preset.STRICT,), evidence=Evidence.ABSENCE, severity=Severity.NOTE)
    assert descriptors(Report(rules=(other,)))[0]["properties"] == {
        "tags": ["strict", "service", "absence"],
        "precision": "high",
        "problem.severity": "recommendation",
    }


@pytest.mark.parametrize("severity", Severity)
def test_a_security_severity_is_above_zero_and_at_most_ten(severity: Severity) -> None:
    (described,) = descriptors(Report(rules=(rule(severity=severity),)))
    assert 0.0 < float(described["properties"]["security-severity"]) <= 10.0


def test_tags_are_at_most_ten_and_no_addresses() -> None:
    references = ("https://kubernetes.io/docs", *(f"CIS 5.3.{n}" for n in range(20)))
    tags = descriptors(Report(rules=(rule(references=references),)))[0]["properties"]["tags"]
    assert len(tags) == 10
    assert not [tag for tag in tags if "://" in tag]


def test_a_long_introduction_is_cut_between_words() -> None:
    docs = f"Summary.\n\n{'word ' * 400}\n\nBad:\n"
    text = descriptors(Report(rules=(rule(docs=docs),)))[0]["fullDescription"]["text"]
    assert len(text) <= 1024
    assert text.endswith(" word…")


def test_a_page_without_introduction_is_described_by_its_summary() -> None:
    assert descriptors(Report(rules=(rule(docs="Summary."),)))[0]["fullDescription"] == {"text": "Summary."}


def test_every_result_points_to_the_descriptor_of_its_rule() -> None:
    finding = NODE_PORT._replace(rule="a-rule-that-is-not-listed", severity=Severity.NOTE)
    only = run(Report((TARGET_PORT, NODE_PORT, finding), rules=(rule(),)))
    rules = only["tool"]["driver"]["rules"]
    assert [described["id"] for described in rules] == sorted(described["id"] for described in rules)
    assert [rules[found["ruleIndex"]]["id"] for found in only["results"]] == [
        "service-target-port-unknown",
        "service-node-port",
        "a-rule-that-is-not-listed",
    ]
    assert rules[0]["shortDescription"]["text"] == "A rule that is not listed."
    assert rules[0]["defaultConfiguration"]["level"] == "note"


def test_a_rule_without_a_page_is_described_by_its_id() -> None:
    assert descriptors(Report(rules=(rule(docs=""),)))[0]["help"] == {"text": "Service node port."}


def test_of_too_many_findings_the_worst_are_kept_in_their_order() -> None:
    notes = (NODE_PORT._replace(severity=Severity.NOTE),) * (RESULT_LIMIT - 1)
    only = run(Report((NODE_PORT, *notes, TARGET_PORT, SUPPRESSED)), Style(show_suppressed=True))
    levels = [found["level"] for found in only["results"]]
    assert Counter(levels) == {"warning": 1, "error": 1, "note": RESULT_LIMIT - 2}
    assert (levels[0], levels[-1]) == ("warning", "error")
    (notification,) = only["invocations"][0]["toolExecutionNotifications"]
    assert notification["level"] == "warning"
    assert notification["message"]["text"].startswith("25,000 of 25,002 findings are listed")


def test_nothing_is_written_that_is_empty_or_the_default() -> None:
    text = render(EVERYTHING._replace(rules=(rule(),)), Style(show_suppressed=True))
    assert not re.findall(r":null|:-1\b|:\{\}|:\[\]", text)


def test_each_result_stands_on_a_line_of_its_own() -> None:
    lines = render(Report((TARGET_PORT, NODE_PORT)), PLAIN).splitlines()
    assert [json.loads(line.removesuffix(","))["ruleId"] for line in lines[1:-1]] == [
        "service-target-port-unknown",
        "service-node-port",
    ]


def test_a_page_that_quotes_a_log_does_not_break_the_log() -> None:
    docs = 'Summary.\n\nA log without findings holds "results":[] and nothing else.\n'
    only = run(Report((NODE_PORT,), rules=(rule(docs=docs),)))
    assert len(only["results"]) == 1
    assert only["tool"]["driver"]["rules"][0]["help"]["text"] == docs.strip()
