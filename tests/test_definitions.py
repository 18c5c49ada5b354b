"""Custom resources against the definitions among the checked files, and against those that `--crd` names."""

from __future__ import annotations

import json
import time
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

from k8snet_lint.loader import LoadOptions, load
from k8snet_lint.validation import cel, patterns
from k8snet_lint.validation.structural import json_schema
from k8snet_lint.validation.validator import LARGE, SchemaValidator, in_python, in_rust
from tests.support import lint_text, lint_tree, report_on, run, write_files

if TYPE_CHECKING:
    from pathlib import Path

needs_cel = pytest.mark.skipif(find_spec("cel") is None, reason="the extra [cel] is not installed")


UNKNOWN_FIELDS = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}


def definition(spec: dict[str, Any], *, group: str = "example.com", kind: str = "Tunnel", version: str = "v1") -> str:
    """A CustomResourceDefinition whose `spec` has that schema."""
    schema = {"type": "object", "properties": {"spec": spec}}
    written = {
        "group": group,
        "names": {"kind": kind, "plural": f"{kind.lower()}s"},
        "versions": [{"name": version, "served": True, "schema": {"openAPIV3Schema": schema}}],
    }
    head = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: x}\n"
    return f"{head}spec:\n  group: {group}\n" + "".join(
        f"  {key}: {json.dumps(value)}\n" for key, value in written.items() if key != "group"
    )


def tunnel(spec: object, api_version: str = "example.com/v1", kind: str = "Tunnel") -> str:
    return f"apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: west}}\nspec: {json.dumps(spec)}\n"


def said(schema: dict[str, Any], spec: object) -> list[str]:
    """What is said of a Tunnel under a schema, without the place and the object's name."""
    lines = lint_text(f"{definition(schema)}---\n{tunnel(spec)}", select=["crd-validation-violated"])
    return [line.partition("Tunnel/west ")[2] for line in lines]


OBJECT = {"type": "object"}
CASES = [
    (
        {**OBJECT, "properties": {"a": {"type": "integer"}}},
        {"a": "1"},
        ["has spec.a '1', a string; expected a whole number"],
    ),
    ({**OBJECT, "properties": {"a": {"type": "integer"}}}, {"b": 1}, ["has the unknown key 'b' in spec"]),
    ({**OBJECT, "properties": {"a": {"type": "string"}}, "required": ["a"]}, {}, ["has no a in spec"]),
    (
        {**OBJECT, "properties": {"headerName": {"type": "string"}}, "required": ["headerName"]},
        {"name": "x"},
        ["has the unknown key 'name' in spec; did you mean 'headerName'?"],
    ),
    (
        {**OBJECT, "properties": {"headerName": {"type": "string"}}, "required": ["headerName"]},
        {"z": "x"},
        ["has no headerName in spec", "has the unknown key 'z' in spec"],
    ),
    ({**OBJECT, "properties": {"a": {"type": "string", "default": "x"}}, "required": ["a"]}, {}, []),
    ({**OBJECT, "properties": {"a": {"type": "string", "nullable": True}}}, {"a": None}, []),
    (
        {
            **OBJECT,
            "properties": {"a": {"type": "string", "nullable": True}, "b": {"type": "string"}},
            "required": ["a"],
        },
        {"a": None, "b": None},
        [],
    ),
    (
        {**OBJECT, "properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "required": ["a"]},
        {"a": None, "b": None},
        ["has no a in spec"],
    ),
    (
        {**OBJECT, "properties": {"a": {"type": "string", "nullable": True}, "b": OBJECT}, "required": ["a", "b"]},
        {"a": None},
        ["has no b in spec"],
    ),
    (
        {**OBJECT, "minProperties": 1, "maxProperties": 1},
        {"a": 1, "b": 2},
        ["has a mapping as spec; expected a mapping of exactly 1 key"],
    ),
    (
        {**OBJECT, "properties": {"a": {"type": "string", "minLength": 1, "maxLength": 9}}},
        {"a": ""},
        ["has spec.a ''; expected a string that is not empty"],
    ),
    (
        {**OBJECT, "properties": {"a": {"type": "array", "minItems": 1}}},
        {"a": []},
        ["has an empty list as spec.a; expected a list that is not empty"],
    ),
    (
        {**OBJECT, "properties": {"a": {"type": "array", "maxItems": 2}}},
        {"a": [1, 2, 3]},
        ["has a list as spec.a; expected a list of at most 2 items"],
    ),
    ({**OBJECT, "properties": {"a": {"type": "string"}}}, {"a": ["YOUR_ID"]}, []),
    ({**OBJECT, "properties": {"a": {"x-kubernetes-int-or-string": True}}}, {"a": "50%"}, []),
    ({**OBJECT, "properties": {"a": {"x-kubernetes-int-or-string": True}}}, {"a": 5}, []),
    (
        {**OBJECT, "properties": {"a": {"x-kubernetes-int-or-string": True}}},
        {"a": 0.5},
        ["has spec.a 0.5; expected a whole number or a text"],
    ),
    ({**OBJECT, "properties": {"a": OBJECT}, "x-kubernetes-preserve-unknown-fields": True}, {"z": 1}, []),
    ({**OBJECT, "properties": {"a": {**OBJECT, "additionalProperties": {"type": "string"}}}}, {"a": {"x": "y"}}, []),
    (
        {**OBJECT, "properties": {"a": {**OBJECT, "additionalProperties": {"type": "string"}}}},
        {"a": {"x": 1}},
        ["has spec.a.x 1; expected a string"],
    ),
    (
        {**OBJECT, "properties": {"a": {"type": "integer", "minimum": 1, "exclusiveMinimum": True}}},
        {"a": 1},
        ["has spec.a 1; expected a whole number of at least 1"],
    ),
    (
        {**OBJECT, "properties": {"a": {"type": "string", "minLength": 1, "maxLength": 3}}},
        {"a": ""},
        ["has spec.a ''; expected a string that is not empty"],
    ),
    (
        {**OBJECT, "properties": {"a": {"type": "string", "minLength": 1, "maxLength": 3}}},
        {"a": "abcd"},
        ["has spec.a 'abcd'; expected a string of 1 to 3 characters"],
    ),
    (
        {**OBJECT, "properties": {"a": {"type": "array", "items": {"type": "integer"}, "maxItems": 0}}},
        {"a": [1]},
        ["has a list as spec.a; expected a list that is empty"],
    ),
    (
        {**OBJECT, "properties": {"a": {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 2}}},
        {"a": [1, 2, 3]},
        ["has a list as spec.a; expected a list of 1 to 2 items"],
    ),
    (
        {**OBJECT, "properties": {"a": {"type": "integer", "maximum": 7}}},
        {"a": 8},
        ["has spec.a 8; expected a whole number of at most 7"],
    ),
    (
        {**OBJECT, "properties": {"a": {"type": "string", "pattern": "^[a-z]+$"}}},
        {"a": "A1"},
        ["has spec.a 'A1'; expected a string that matches ^[a-z]+$"],
    ),
    ({**OBJECT, "properties": {"a": {"type": "string", "pattern": r"^\p{L}(?P<x>$"}}}, {"a": "1"}, []),
    (
        {**OBJECT, "properties": {"a": {"type": "string", "pattern": "^[[:alpha:]]+$"}}},
        {"a": "a1"},
        ["has spec.a 'a1'; expected a string that matches ^[[:alpha:]]+$"],
    ),
    (
        {**OBJECT, "properties": {"a": {"type": "string", "format": "ipv4"}}},
        {"a": "1.2.3"},
        ["has spec.a '1.2.3'; expected a string"],
    ),
    (
        {
            **OBJECT,
            "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
            "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
        },
        {"a": "x", "b": "y"},
        ["has a mapping as spec; expected a mapping with a or b"],
    ),
    ({**OBJECT, "properties": {"a": {"type": "string"}}}, {"a": "${VALUE}", "${KEY}": 1}, []),
]


STATUS = {
    **OBJECT,
    "required": ["spec", "status"],
    "properties": {
        "spec": {**OBJECT, "properties": {"a": {"type": "integer"}}},
        "status": {**OBJECT, "properties": {"ready": {"type": "boolean"}}},
    },
}


def with_status(value: str, *, is_subresource: bool, spec: str = "spec: {a: 1}\n") -> list[str]:
    """What is said of a Tunnel with a status, where the definition knows one."""
    text = definition({}).replace(
        '"schema"', '"subresources": {"status": {}}, "schema"' if is_subresource else '"schema"'
    )
    text = text.replace(json.dumps({**OBJECT, "properties": {"spec": {}}}), json.dumps(STATUS))
    head = "apiVersion: example.com/v1\nkind: Tunnel\nmetadata: {name: west}\n"
    found = lint_text(f"{text}---\n{head}{spec}status: {value}\n", select=["crd-validation-violated"])
    return [line.partition("Tunnel/west ")[2] for line in found]


def test_a_status_that_the_api_server_drops_is_not_judged() -> None:
    assert with_status("{ready: 1}", is_subresource=True) == []
    assert with_status("{ready: 1}", is_subresource=False) == ["has status.ready 1; expected true or false"]
    assert with_status("{}", is_subresource=True, spec="spec: {a: x}\n") != []


def test_what_a_test_expects_of_an_object_need_not_be_all_of_it() -> None:
    assert with_status("{ready: true}", is_subresource=True, spec="") == []
    named = "apiVersion: example.com/v1\nkind: Tunnel\nmetadata: {name: west}\n"
    needed = definition({}).replace(
        '"type": "object", "properties": {"spec"', '"required": ["spec"], "properties": {"spec"'
    )
    assert lint_text(f"{needed}---\n{named}", select=["crd-validation-violated"]) == []
    (line,) = lint_text(f"{needed}---\n{named}data: {{}}\n", select=["crd-validation-violated"])[:1]
    assert "Tunnel/west has" in line
    (line,) = lint_text(
        f"{definition({})}---\napiVersion: example.com/v1\nkind: Tunnel\nmetadata: {{name: west}}\nspce: {{}}\n",
        select=["crd-validation-violated"],
    )
    assert "the unknown key 'spce'" in line


@pytest.mark.parametrize(("schema", "spec", "expected"), CASES)
def test_what_a_definition_rejects_is_said(schema: dict[str, Any], spec: object, expected: list[str]) -> None:
    assert said(schema, spec) == expected
    validators = [SchemaValidator(json_schema(schema), make=make) for make in (in_rust, in_python)]
    rust, python = [validator.violations(spec) for validator in validators]
    assert rust == python


RULES = [
    ("self.low <= self.high", {"low": 3, "high": 2}, True),
    ("self.low <= self.high", {"low": 1, "high": 2}, False),
    ("!has(self.tls) || self.tls.mode == 'Terminate'", {"tls": {"mode": "Passthrough"}}, True),
    ("!has(self.tls) || self.tls.mode == 'Terminate'", {}, False),
    ("self.mode == 'Fast'", {}, False),  # by its default
    ("self.items.all(a, self.items.exists_one(b, a.name == b.name))", {"items": [{"name": "x"}, {"name": "x"}]}, True),
    ("self.low == oldSelf.low", {"low": 1}, False),
    ("isURL(self.mode)", {"mode": "x"}, False),
    ("self.low ==", {"low": 1}, False),
    ("self.low == 1", {"low": "${LOW}"}, False),
]


@needs_cel
@pytest.mark.parametrize(("expression", "spec", "is_broken"), RULES)
def test_rules_in_cel_are_judged_where_they_can_be(expression: str, spec: dict[str, Any], *, is_broken: bool) -> None:
    schema = {
        "type": "object",
        "x-kubernetes-preserve-unknown-fields": True,
        "properties": {"mode": {"type": "string", "default": "Fast"}},
        "x-kubernetes-validations": [{"rule": expression, "message": "as agreed"}],
    }
    assert said(schema, spec) == (["breaks a rule: as agreed"] if is_broken else [])


@needs_cel
@pytest.mark.parametrize(
    ("wording", "expected"),
    [
        ("'low is ' + string(self.low)", "low is 3"),
        ("'  '", "as agreed"),
        ("'two\\nlines'", "as agreed"),
        ("self.low", "as agreed"),
        ("self.none", "as agreed"),
        ("'low", "as agreed"),
        (7, "as agreed"),
    ],
)
def test_a_rule_may_word_its_message_by_what_it_finds(wording: object, expected: str) -> None:
    rule = {"rule": "self.low <= self.high", "message": "as agreed", "messageExpression": wording}
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True, "x-kubernetes-validations": [rule]}
    assert said(schema, {"low": 3, "high": 2}) == [f"breaks a rule: {expected}"]


@needs_cel
def test_a_rule_speaks_of_each_item_and_names_the_field_that_it_is_about() -> None:
    item = {
        "type": "object",
        "properties": {"port": {"type": "integer"}, "name": {"type": "string"}},
        "x-kubernetes-validations": [{"rule": "self.port > 1", "message": "a higher port", "fieldPath": ".port"}],
    }
    schema = {"type": "object", "properties": {"ports": {"type": "array", "items": item}}}
    object_ = (
        "apiVersion: example.com/v1\nkind: Tunnel\nmetadata: {name: west}\nspec:\n  ports:\n  - port: 2\n  - port: 1\n"
    )
    (line,) = lint_text(f"{definition(schema)}---\n{object_}", select=["crd-validation-violated"])
    assert line == "15:11: error[crd-validation-violated] Tunnel/west breaks a rule: a higher port"


GATEWAY = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge}
spec:
  gatewayClassName: example
  listeners:
  - {name: web, port: 80, protocol: HTTP, tls: {mode: Terminate}}
  - {name: web, port: 81, protocol: HTTP}
"""
NAMES = "self.all(a, self.exists_one(b, a.name == b.name))"
NO_TLS = "self.all(a, !has(a.tls))"


@needs_cel
def test_a_fault_of_a_listener_is_told_once() -> None:
    rules = [{"rule": NAMES, "message": "unique names"}, {"rule": NO_TLS, "message": "no TLS"}]
    listeners = {"type": "array", "items": UNKNOWN_FIELDS, "x-kubernetes-validations": rules}
    schema = {**UNKNOWN_FIELDS, "properties": {"listeners": listeners}}
    of_gateways = definition(schema, group="gateway.networking.k8s.io", kind="Gateway")
    text = f"{of_gateways}---{GATEWAY}"
    ours = ["gateway-listener-conflict", "gateway-listener-tls-invalid"]
    lines = lint_text(text, select=["crd-validation-violated", *ours])
    assert [line.partition("[")[2].partition("]")[0] for line in lines] == ours[::-1]
    alone = lint_text(text, select=["crd-validation-violated"])
    assert [line.partition("rule: ")[2] for line in alone] == ["no TLS", "unique names"]


@needs_cel
def test_a_rule_that_would_take_for_ever_is_not_judged() -> None:
    nested = "self.l.all(a, self.l.all(b, self.l.all(c, self.l.all(d, a + b + c + d < 0))))"
    schema = {
        "type": "object",
        "properties": {"l": {"type": "array", "items": {"type": "integer"}}},
        "x-kubernetes-validations": [{"rule": nested}],
    }
    started = time.monotonic()
    assert said(schema, {"l": list(range(400))}) == []
    assert time.monotonic() - started < 5


def test_without_the_extra_rules_are_not_judged_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cel, "find_spec", lambda _: None)
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True, "properties": {}}
    schema["x-kubernetes-validations"] = [{"rule": "false"}]
    (tmp_path / "m.yaml").write_text(f"{definition(schema)}---\n{tunnel({})}", encoding="utf-8")
    ran = run("check", "--no-config", "--verbose", "--select", "crd-validation-violated", str(tmp_path))
    assert ran.code == 0
    assert "skipped: kind whose rules in CEL need the extra k8snet-lint[cel] (1): Tunnel" in ran.err


ONE = {**OBJECT, "properties": {"a": {"type": "string"}}}
OTHER = {**OBJECT, "properties": {"b": {"type": "string"}}}


def test_of_several_definitions_of_one_version_any_may_be_the_one_that_counts() -> None:
    text = f"{definition(ONE)}---\n{definition(OTHER)}---\n"
    assert lint_text(text + tunnel({"b": "x"}), select=["crd-validation-violated"]) == []
    (line,) = lint_text(text + tunnel({"c": "x"}), select=["crd-validation-violated"])
    assert "unknown key 'c'" in line


@pytest.mark.parametrize(("place", "counts"), [("crds", True), ("app/testdata/old", False), ("fixtures", False)])
def test_a_definition_among_data_of_tests_is_for_what_lies_with_it(tmp_path: Path, place: str, *, counts: bool) -> None:
    write_files(tmp_path, {f"{place}/crd.yaml": definition(ONE), "west.yaml": tunnel({"b": "x"})})
    assert bool(lint_tree(tmp_path, select=["crd-validation-violated"])) is counts
    write_files(tmp_path, {f"{place}/west.yaml": tunnel({"b": "x"})})
    assert lint_tree(tmp_path, select=["crd-validation-violated"])


def test_a_definition_decides_in_place_of_what_we_know_ourselves() -> None:
    route = tunnel({"parentRefs": [{"nme": "edge"}], "a": "x"}, "gateway.networking.k8s.io/v1", "HTTPRoute")
    ours = lint_text(route, select=["object"])
    assert [line for line in ours if "field-invalid" in line]
    defined = definition(ONE, group="gateway.networking.k8s.io", kind="HTTPRoute")
    (line,) = (each for each in lint_text(f"{defined}---\n{route}", select=["object"]) if "namespace" not in each)
    assert "error[crd-validation-violated] HTTPRoute/west has the unknown key 'parentRefs' in spec" in line
    mislabelled = route.replace("{name: west}", "{name: west, labels: {a: 1}}")
    lines = lint_text(f"{defined}---\n{mislabelled}", select=["field-invalid"])
    assert [line.partition(" has ")[2] for line in lines] == ["metadata.labels.a 1; expected a string"]


def test_definitions_are_also_taken_from_where_the_command_line_and_the_configuration_say(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "crds/tunnel.yaml": definition(ONE),
            "crds/nested/more.json": json.dumps({"kind": "List", "apiVersion": "v1", "items": []}),
            "deploy/west.yaml": tunnel({"b": "x"}),
        },
    )
    deploy, crds = str(tmp_path / "deploy"), str(tmp_path / "crds")
    base = ("check", "--select", "crd-validation-violated", "-f", "concise", deploy)
    assert "no findings" in run(*base, "--no-config").out
    for given in (crds, str(tmp_path / "crds" / "tunnel.yaml")):
        assert "unknown key 'b'" in run(*base, "--no-config", "--crd", given).out
    (tmp_path / ".k8snet-lint.yaml").write_text("crds: [crds]\n", encoding="utf-8")
    assert "unknown key 'b'" in run(*base, "--config", str(tmp_path / ".k8snet-lint.yaml")).out
    ran = run(*base, "--no-config", "--crd", "nowhere.yaml")
    assert ran.code == 2
    assert "the definitions in 'nowhere.yaml' cannot be read" in ran.err


def test_only_definitions_of_kinds_that_occur_are_read(tmp_path: Path) -> None:
    bridge = {"group": "example.com", "names": {"kind": "Bridge"}}
    item = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "spec": bridge}
    as_list = json.dumps({"apiVersion": "v1", "kind": "List", "items": [item]})
    write_files(
        tmp_path,
        {
            "a.yaml": f"{definition(ONE)}---\n{definition(ONE, kind='Bridge')}---\n{definition(ONE, group='x.io')}",
            "b.yaml": tunnel({}),
            "c.json": as_list,
        },
    )
    loaded = load((str(tmp_path),), LoadOptions())
    assert [root.at("spec", "names", "kind").text for root in loaded.definitions] == ["Tunnel"]
    assert loaded.definitions[0]["spec"]["group"].location.span.start.line == 5


@pytest.mark.parametrize("pattern", ["^(a+)+$", "(x+x+)+y", "a*a*a*a*a*a*a*a*b", "(?:a?){40}a{40}!"])
def test_no_pattern_takes_for_ever(pattern: str) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "pattern": pattern}}}
    spec = {"a": "ax" * 100 + "!", **{f"k{number}": 1 for number in range(LARGE)}}
    for make in (in_rust, in_python):
        violations = SchemaValidator(json_schema(schema), make=make).violations(spec)
        assert (("a",), "pattern") in violations
    searches = patterns.in_python(pattern)
    assert searches is not None
    assert searches("a" * 5_000 + "x" * 5_000), "what could take for ever is not judged"
    assert not searches("c")


def test_strange_definitions_and_schemas_harm_nobody() -> None:
    nan, huge = float("nan"), 10**400
    oddities: list[dict[str, Any]] = [
        {"type": 5, "properties": []},
        {"properties": {"a": True}},
        {"items": {}, "oneOf": [1], "not": [], "required": [1]},
        {"minimum": "x", "maximum": nan, "maxLength": -1, "minItems": huge, "multipleOf": 0, "enum": []},
        {"pattern": "(", "x-kubernetes-validations": [1, {"rule": 2}]},
    ]
    for odd in oddities:
        assert said({**OBJECT, "properties": {"a": odd}}, {"a": 1}) == []
        assert said({"x-kubernetes-preserve-unknown-fields": True, **odd}, {"a": 1}) == []
    deep: dict[str, Any] = {}
    for _ in range(90):
        deep = {"type": "object", "properties": {"a": deep}}
    assert said(deep, {"a": {"a": {}}}) == []


def test_an_object_in_several_worlds_is_judged_once(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "base/kustomization.yaml": "resources: [west.yaml, crd.yaml]\n",
            "base/west.yaml": tunnel({"b": "x"}),
            "base/crd.yaml": definition(ONE),
            "one/kustomization.yaml": "resources: [../base]\n",
            "two/kustomization.yaml": "resources: [../base]\n",
        },
    )
    (line,) = lint_tree(tmp_path, select=["crd-validation-violated"])
    assert "unknown key 'b'" in line


def test_a_fraction_where_a_whole_number_or_a_text_is_wanted_is_to_be_quoted() -> None:
    schema = {**OBJECT, "properties": {"cpu": {"x-kubernetes-int-or-string": True}}}
    (found,) = report_on(f"{definition(schema)}---\n{tunnel({'cpu': 0.5})}", select=["crd-validation-violated"]).open
    assert found.help == 'put it in quotes: "0.5"'


NAMED = {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name", "protocol"]}
PROTOCOL = {"type": "string", "default": "TCP"}
PORTS = {**NAMED, "items": {**OBJECT, "properties": {"name": {"type": "string"}, "protocol": PROTOCOL}}}
HOSTS = {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}}


@pytest.mark.parametrize(
    ("spec", "found"),
    [
        ({"hosts": ["a", "b"], "ports": [{"name": "a"}, {"name": "b"}]}, []),
        ({"ports": [{"name": "a"}, {"name": "a", "protocol": "UDP"}]}, []),
        ({"hosts": ["${A}", "${A}"]}, []),
        ({"hosts": ["a", "b", "a"]}, ["has 'a' twice in spec.hosts, which is a set"]),
        (
            {"ports": [{"name": "a"}, {"name": "a", "protocol": "TCP"}]},
            ["has two items with name 'a', protocol 'TCP' in spec.ports, which is a map by name and protocol"],
        ),
    ],
)
def test_nothing_stands_twice_in_a_set_or_a_map(spec: dict[str, Any], found: list[str]) -> None:
    schema = {**OBJECT, "properties": {"hosts": HOSTS, "ports": PORTS}}
    assert said(schema, spec) == found


def test_a_list_that_is_no_map_by_keys_may_hold_things_twice() -> None:
    atomic = {"type": "array", "x-kubernetes-list-type": "atomic", "items": {"type": "string"}}
    keyless = {**PORTS, "x-kubernetes-list-map-keys": []}
    schema = {**OBJECT, "properties": {"hosts": atomic, "ports": keyless}}
    assert said(schema, {"hosts": ["a", "a"], "ports": [{"name": "a"}, {"name": "a"}]}) == []
