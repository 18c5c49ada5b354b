from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from k8snet_lint.report import Report
from k8snet_lint.reporters import Style
from k8snet_lint.reporters.json_report import render
from k8snet_lint.shipped import shipped
from k8snet_lint.version import __version__
from tests.sample_report import CHAINED, EVERYTHING, UNREAD, hostile_reports

SCHEMA = json.loads((shipped("schemas") / "report.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
VALUE: dict[str, Any] = json.loads(render(EVERYTHING, Style()))


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("report", [Report(), EVERYTHING], ids=["empty", "everything"])
def test_a_report_is_valid(report: Report) -> None:
    VALIDATOR.validate(json.loads(render(report, Style())))


@given(hostile_reports)
def test_any_report_is_valid_and_can_be_written(report: Report) -> None:
    text = render(report, Style())
    VALIDATOR.validate(json.loads(text.encode("utf-8")))


def test_the_report_as_a_whole() -> None:
    assert list(VALUE) == ["version", "tool", "findings", "crashed", "unread", "scanned"]
    assert VALUE["version"] == 1
    assert VALUE["tool"] == {"name": "k8snet-lint", "version": __version__}
    assert VALUE["crashed"] == [
        {
            "rule": "policy-open-cidr",
            "where": "rules/policy/policy_open_cidr.py:31",
            "message": "ValueError: no prefix",
        }
    ]
    assert VALUE["unread"] == [
        {
            "file": "deploy/broken.yaml",
            "line": 3,
            "column": 4,
            "message": "the quote is never closed",
            "help": "close it",
        }
    ]


def test_an_unread_input_as_a_whole_has_no_line() -> None:
    value = json.loads(render(Report(unread=(UNREAD._replace(line=0, column=0),)), Style()))
    assert (value["unread"][0]["line"], value["unread"][0]["column"]) == (None, None)


def test_what_was_scanned() -> None:
    assert VALUE["scanned"] == {
        "files": 14,
        "documents": 60,
        "objects": {"Deployment": 40, "Service": 12},
        "namespaces": ["shop", "web"],
        "skipped": [
            {"reason": "Helm template", "count": 2, "names": ["chart/a.yaml", "chart/b.yaml"]},
            {"reason": "no manifest", "count": 3, "names": ["x.yaml", "y.yaml", "z.yaml"]},
        ],
        "unresolved": 4,
        "units": ["base", "overlays/dev", "overlays/prod", "tools"],
        "worlds": ["dev", "prod"],
        "raw": ["remote: it lists a remote resource"],
        "unbuilt": ["chart"],
        "config": ".k8snet-lint.yaml",
        "notices": [],
    }


def test_a_finding() -> None:
    assert VALUE["findings"][0] == {
        "rule": "service-target-port-unknown",
        "severity": "error",
        "message": "Service/shop/web forwards to port 8080, which its pods do not declare",
        "help": "",
        "resource": {"group": "", "version": "v1", "kind": "Service", "namespace": "shop", "name": "web"},
        "location": {"file": "deploy/web.yaml", "line": 11, "column": 19, "endLine": 11, "endColumn": 23},
        "path": "/spec/ports/0/targetPort",
        "related": [
            {
                "location": {"file": "deploy/pods.yaml", "line": 100, "column": 11, "endLine": 100, "endColumn": 28},
                "message": "Deployment/shop/web declares 80",
            }
        ],
        "chain": [],
        "fingerprint": "fedcba9876543210",
        "suppressed": None,
        "units": [],
        "absence": False,
    }


def test_a_chain_is_its_steps_in_order() -> None:
    value = json.loads(render(Report((CHAINED,)), Style()))
    assert [(step["location"]["line"], step["message"]) for step in value["findings"][0]["chain"]] == [
        (8, "Service/shop/web opens it on every node"),
        (100, "no policy limits its connections"),
    ]


def test_suppressed_findings_are_there_with_why_and_by_whom() -> None:
    assert VALUE["findings"][2]["suppressed"] == {
        "kind": "inline",
        "reason": "a legacy client",
        "by": "deploy/web.yaml:7:3",
    }


def objects_with_keys(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The paths of all objects in the report whose keys the schema fixes."""
    if isinstance(value, dict):
        here = [] if path == ("scanned", "objects") else [path]
        return here + [found for key, item in value.items() for found in objects_with_keys(item, (*path, key))]
    if isinstance(value, list):
        return [found for index, item in enumerate(value) for found in objects_with_keys(item, (*path, index))]
    return []


def changed(path: tuple[str | int, ...]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A copy of the report, and the object at `path` in it."""
    whole = deepcopy(VALUE)
    target: Any = whole
    for key in path:
        target = target[key]
    return whole, target


@pytest.mark.parametrize("path", objects_with_keys(VALUE), ids=lambda path: "/".join(map(str, path)) or "report")
def test_no_object_may_hold_more_or_less(path: tuple[str | int, ...]) -> None:
    whole, target = changed(path)
    keys = list(target)
    target["extra"] = 1
    assert not VALIDATOR.is_valid(whole)
    for key in keys:
        whole, target = changed(path)
        del target[key]
        assert not VALIDATOR.is_valid(whole)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("version",), 2),
        (("findings", 0, "severity"), "fatal"),
        (("findings", 0, "rule"), "Service Node Port"),
        (("findings", 0, "message"), ""),
        (("findings", 0, "path"), "spec/type"),
        (("findings", 0, "location", "line"), 0),
        (("findings", 0, "location", "column"), "9"),
        (("findings", 2, "suppressed", "kind"), "whim"),
        (("findings", 0, "absence"), None),
        (("unread", 0, "line"), 0),
        (("scanned", "files"), -1),
        (("scanned", "objects", "Service"), 1.5),
    ],
)
def test_no_value_may_be_another(path: tuple[str | int, ...], value: object) -> None:
    whole, target = changed(path[:-1])
    target[path[-1]] = value  # type: ignore[index] # a path of the report
    assert not VALIDATOR.is_valid(whole)


def described(schema: object) -> bool:
    """Whether every property of every object says what it means."""
    if isinstance(schema, list):
        return all(map(described, schema))
    if not isinstance(schema, dict):
        return True
    properties = schema.get("properties", {})
    own = all("description" in item or "$ref" in item for item in properties.values())
    return own and all(map(described, schema.values()))


def test_every_property_is_described() -> None:
    assert described(SCHEMA)
    assert all("description" in definition for definition in SCHEMA["$defs"].values())


def test_what_a_terminal_would_obey_is_escaped_and_nothing_lost() -> None:
    message = "a\x1b[31m\x9b31m\x7f\u202e\u2028é"
    report = Report(findings=(EVERYTHING.findings[0]._replace(message=message),))
    text = render(report, Style())
    assert json.loads(text)["findings"][0]["message"] == message
    assert not set(text) & set("\x1b\x9b\x7f\u202e\u2028")
    assert "é" in text
