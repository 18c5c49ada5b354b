"""What `field-invalid` says, by object and place; both engines, hostile values, what is left open."""

from __future__ import annotations

import copy
import json
import random
import time
from typing import TYPE_CHECKING, Any

import pytest

from k8snet_lint.shipped import shipped
from k8snet_lint.validation import shipped_schemas
from k8snet_lint.validation.fields import field_errors, without_nulls
from k8snet_lint.validation.glance import FEW, Glance
from k8snet_lint.validation.validator import SchemaValidator, in_python, in_rust
from tests.support import lint_text, lint_tree, report_on, write_files
from tests.validation_objects import CALICO, DEPLOYMENT, INGRESS, OBJECTS, POLICY, ROUTE, SERVICE, changed, document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from k8snet_lint.validation.validator import Engine

WRONG: list[tuple[dict[str, Any], str, Any, str, str]] = [
    # an object, a path in it, what stands there, what is said of it, and what mends it
    (
        SERVICE,
        "spec.type",
        "Nodeport",
        (
            "spec.type 'Nodeport'; expected 'ClusterIP', 'NodePort', 'LoadBalancer' or "
            "'ExternalName'; did you mean 'NodePort'?"
        ),
        "write NodePort",
    ),
    (
        SERVICE,
        "spec.ports.0.port",
        70000,
        "spec.ports[0].port 70000; expected a whole number from 1 to 65535",
        "correct",
    ),
    (
        SERVICE,
        "spec.ports.0.port",
        "80",
        "spec.ports[0].port '80', a string; expected a whole number from",
        "write 80 wit",
    ),
    (SERVICE, "spec.ports.0.port", 80.5, "spec.ports[0].port 80.5; expected a whole number", "correct"),
    (SERVICE, "spec.ports.0.port", True, "spec.ports[0].port true; expected a whole number", "correct"),
    (
        SERVICE,
        "spec.ports.0.protocol",
        "tcp",
        "spec.ports[0].protocol 'tcp'; expected 'TCP', 'UDP' or 'SCTP'; did you",
        "write TCP",
    ),
    (
        SERVICE,
        "spec.selector.matchLabels",
        {"app": "web"},
        "a mapping as spec.selector.matchLabels; expected a string",
        "write the labels right below spec.selector, which has no matchLabels",
    ),
    (INGRESS, "spec.rules.0.host", "https://api.acme.io", "host 'https://api.acme.io'; expected", "write api.acme.io"),
    (INGRESS, "spec.rules.0.host", "http://Acme.io:80/a", "host 'http://Acme.io:80/a'; expected", "write acme.io"),
    (INGRESS, "spec.rules.0.host", "http://10.0.0.1/", "host 'http://10.0.0.1/'; expected", "correct"),
    (ROUTE, "spec.hostnames.0", "https://api.acme.io/", "'https://api.acme.io/'; expected a host", "write api.acme.io"),
    (
        SERVICE,
        "spec.ports",
        {"port": 80},
        "a mapping as spec.ports; expected a list",
        "write a list, whose items start",
    ),
    (
        SERVICE,
        "spec.ports.0.targetport",
        80,
        "the unknown key 'targetport' in spec.ports[0]; did you mean 'targetPort'?",
        "write targetPort",
    ),
    (
        SERVICE,
        "spec.targetPort",
        80,
        "the unknown key 'targetPort' in spec; it belongs in spec.ports[]",
        "move it to spec",
    ),
    (
        SERVICE,
        "spec.selectors",
        {"app": "web"},
        "the unknown key 'selectors' in spec; did you mean 'selector'?",
        "write s",
    ),
    (
        SERVICE,
        "selector",
        {"app": "web"},
        "the unknown key 'selector' at the top level; it belongs in spec",
        "move it to",
    ),
    (
        POLICY,
        "spec.policyTypes",
        "Ingress",
        "policyTypes 'Ingress'; expected a list, such as [Ingress]",
        "write [Ingress]",
    ),
    (POLICY, "spec.egress", [None], "spec.egress[0] null; expected a mapping", "correct"),
    (SERVICE, "spec.whatever", 1, "the unknown key 'whatever' in spec", "delete it"),
    (
        SERVICE,
        "spec.sessionAffinityConfig",
        {"clientIp": {}},
        ("the unknown key 'clientIp' in spec.sessionAffinityConfig; did you mean 'clientIP'?"),
        "write clientIP",
    ),
    (SERVICE, "spec.publishNotReadyAddresses", "true", "expected true or false", "write true without quotes"),
    (
        SERVICE,
        "spec.externalIPs",
        ["10.0.0.300"],
        "spec.externalIPs[0] '10.0.0.300'; expected an IPv4 or IPv6",
        "correct",
    ),
    (
        ROUTE,
        "spec.rules.0.filters.0.requestRedirect.statusCode",
        "301",
        "expected 301, 302, 303, 307 or 308",
        "write 301 wi",
    ),
    (SERVICE, "spec.clusterIP", "none", "spec.clusterIP 'none'; expected an IP address, or None", "correct"),
    (SERVICE, "metadata.name", "Web", "metadata.name 'Web'; expected a DNS label", "write web"),
    (SERVICE, "metadata.name", "my_web", "metadata.name 'my_web'; expected a DNS label", "write my-web"),
    (SERVICE, "metadata.name", "w" * 64, "expected a DNS label: lower-case letters, digits and '-'", "correct"),
    (SERVICE, "metadata.labels", {"version": 1.2}, "metadata.labels.version 1.2; expected a string", 'quotes: "1.2"'),
    (SERVICE, "metadata.labels", {"a": "x" * 64}, "expected at most 63 letters", "correct"),
    (SERVICE, "metadata.labels", {"a": "x y"}, "metadata.labels.a 'x y'; expected at most 63 letters", "correct"),
    (
        SERVICE,
        "metadata.labels",
        {"a b": "x"},
        "the key 'a b' in metadata.labels; expected at most 63",
        "correct the key",
    ),
    (SERVICE, "metadata.annotations", {"a/b": True}, "metadata.annotations['a/b'] true; expected a string", '"true"'),
    (
        SERVICE,
        "metadata.label",
        {"a": "b"},
        "the unknown key 'label' in metadata; did you mean 'labels'?",
        "write labels",
    ),
    (
        POLICY,
        "spec.policyTypes",
        ["ingress"],
        ("spec.policyTypes[0] 'ingress'; expected 'Ingress' or 'Egress'; did you mean 'Ingress'?"),
        "write Ingress",
    ),
    (
        POLICY,
        "spec.podSelector",
        {"app": "web"},
        ("the unknown key 'app' in spec.podSelector; labels stand under matchLabels"),
        "move it to spec.podSelector.matchLabels",
    ),
    (
        POLICY,
        "spec.ingress.0.from.0.ports",
        [{"port": 80}],
        ("the unknown key 'ports' in spec.ingress[0].from[0]; it belongs in spec.ingress[]"),
        "move it to spec.ingress[]",
    ),
    (
        POLICY,
        "spec.ingress.0.from.0.ipBlock",
        {"cidr": "10.0.0.0/40"},
        "cidr '10.0.0.0/40'; expected an address range",
        "correct",
    ),
    (
        POLICY,
        "spec.ingress.0.from.0.ipBlock",
        {"except": []},
        "no cidr in spec.ingress[0].from[0].ipBlock",
        "add cidr: an",
    ),
    (
        POLICY,
        "spec.ingress.0.to",
        [],
        "the unknown key 'to' in spec.ingress[0]; it belongs in spec.egress[]",
        "move it to",
    ),
    (
        INGRESS,
        "spec.rules.0.http.paths.0.pathType",
        None,
        "no pathType in spec.rules[0].http.paths[0]",
        "add pathType: 'E",
    ),
    (INGRESS, "spec.rules.0.host", "*", "spec.rules[0].host '*'; expected a host name without port", "correct"),
    (INGRESS, "spec.rules.0.host", "Shop.example.com", "spec.rules[0].host", "write shop.example.com"),
    (INGRESS, "spec.rules.0.host", "10.0.0.1", "spec.rules[0].host '10.0.0.1'; expected a host name", "correct"),
    (INGRESS, "spec.rules.0.host", "shop.example.com:80", "spec.rules[0].host", "correct"),
    (
        INGRESS,
        "spec.backend",
        {},
        "the unknown key 'backend' in spec, which this version calls defaultBackend",
        "write d",
    ),
    (
        INGRESS,
        "spec.rules.0.http.paths.0.backend.serviceName",
        "web",
        "which this version calls service.name",
        "write ser",
    ),
    (
        INGRESS,
        "spec.rules.0.http.paths",
        [],
        "an empty list as spec.rules[0].http.paths; expected a list that",
        "correct",
    ),
    (
        INGRESS,
        "spec.rules.0.http.paths.0.backend.service.port",
        80,
        "spec.rules[0].http.paths[0].backend.service.port 80; expected a mapping",
        "write {number: 80}",
    ),
    (
        INGRESS,
        "spec.rules.0.http.paths.0.backend.service.port",
        "http",
        "spec.rules[0].http.paths[0].backend.service.port 'http'; expected a mapping",
        "write {name: http}",
    ),
    (DEPLOYMENT, "spec.template.spec.hostNetwrok", True, "did you mean 'hostNetwork'?", "write hostNetwork"),
    (
        DEPLOYMENT,
        "spec.template.spec.containers.0.runAsUser",
        1,
        "it belongs in spec.template.spec.containers[].security",
        "move it to",
    ),
    (DEPLOYMENT, "spec.template.spec.dnsPolicy", "clusterFirst", "did you mean 'ClusterFirst'", "write ClusterFirst"),
    (
        DEPLOYMENT,
        "spec.template.spec.containers.0.env",
        [{"name": "PORT", "value": 80}],
        "env[0].value 80; expected a str",
        'put it in quotes: "80"',
    ),
    (
        DEPLOYMENT,
        "spec.template.spec.containers.0.readinessProbe",
        {"httpGet": {"path": "/"}},
        "no port in spec.template.",
        "add port: a port",
    ),
    (
        DEPLOYMENT,
        "spec.template.metadata.labels.app",
        1,
        "spec.template.metadata.labels.app 1; expected a string",
        "put",
    ),
]


@pytest.mark.parametrize(
    ("valid", "path", "value", "what", "help_"), WRONG, ids=[f"{each[1]}-{each[2]}"[:60] for each in WRONG]
)
@pytest.mark.parametrize("make", [in_rust, in_python])
def test_a_wrong_field_is_said_with_what_is_expected(
    valid: dict[str, Any], path: str, value: object, what: str, help_: str, make: Callable[[dict[str, Any]], Engine]
) -> None:
    wrong = changed(valid, path, value)
    (error,) = field_errors(document(wrong).root, SchemaValidator(_schema(valid), make=make))
    assert what in error.what
    assert error.help.startswith(help_) or help_ in error.help
    expected_path = ".".join(map(str, error.at.path))
    assert expected_path.startswith(path) or path.startswith(expected_path)


@pytest.mark.parametrize("valid", OBJECTS, ids=lambda each: each["kind"])
@pytest.mark.parametrize("make", [in_rust, in_python])
def test_a_valid_object_has_no_errors(valid: dict[str, Any], make: Callable[[dict[str, Any]], Engine]) -> None:
    assert field_errors(document(valid).root, SchemaValidator(_schema(valid), make=make)) == ()


NOTHING_WRONG: list[tuple[dict[str, Any], str, Any]] = [
    (SERVICE, "spec.externalTrafficPolicy", None),
    (SERVICE, "spec.type", ""),
    (SERVICE, "spec.ports.0.port", 80.0),
    (SERVICE, "spec.ports.0.port", "${PORT}"),
    (SERVICE, "metadata.name", "{{ .Release.Name }}-web"),
    (SERVICE, "metadata.labels", {"${KEY}": "x", "a": None}),
    (SERVICE, "status", {"loadBalancer": {}}),
    (INGRESS, "spec.rules.0.host", "<your-domain>"),
    (INGRESS, "spec.rules.0.host", "shop.__DOMAIN__"),
    (INGRESS, "spec.rules.0.host", "shop.YOUR_DOMAIN.com"),
    (INGRESS, "spec.rules.0.host", "((host))"),
    (SERVICE, "spec.ports.0.port", "@PORT@"),
    (SERVICE, "spec.ports.0.port", ["YOUR_PORT"]),
    (SERVICE, "spec.ports.0.port", "..."),
    (SERVICE, "spec.ports.0.port", "**the port**"),
    (SERVICE, "metadata.namespace", "TO BE FILLED IN"),
    (SERVICE, "metadata.name", "REPLACEME-web"),
    (INGRESS, "spec.rules.0.host", "*.example.com"),
    (DEPLOYMENT, "spec.template.spec.volumes", [{"anything": "else"}]),
    (DEPLOYMENT, "spec.template.metadata.creationTimestamp", None),
]


@pytest.mark.parametrize(("valid", "path", "value"), NOTHING_WRONG)
def test_what_the_server_takes_or_nobody_can_know_is_left_alone(
    valid: dict[str, Any], path: str, value: object
) -> None:
    validator = SchemaValidator(_schema(valid))
    assert field_errors(document(changed(valid, path, value)).root, validator) == ()


HOSTILE = [
    None,
    True,
    0,
    -1,
    1e308,
    float("inf"),
    float("nan"),
    10**400,
    "",
    "\ud800",
    "x" * 300,
    [],
    {},
    [None],
    {"x": 1},
]


@pytest.mark.parametrize("valid", OBJECTS, ids=lambda each: each["kind"])
def test_both_engines_say_the_same_of_whatever_stands_anywhere(valid: dict[str, Any]) -> None:
    rust, python = (SchemaValidator(_schema(valid), make=make) for make in (in_rust, in_python))
    chance = random.Random(valid["kind"])  # noqa: S311 - to spoil objects, the same way each time
    for _ in range(300):
        mutant = _mutated(valid, chance)
        assert rust.is_valid(mutant) == python.is_valid(mutant), mutant
        root = document(mutant).root
        assert field_errors(root, rust) == field_errors(root, python), mutant


@pytest.mark.parametrize("valid", OBJECTS, ids=lambda each: each["kind"])
def test_a_glance_accepts_what_is_ordinary_and_nothing_that_the_engine_rejects(valid: dict[str, Any]) -> None:
    glance, rust = Glance(_schema(valid), most=1_000), SchemaValidator(_schema(valid))
    assert glance.accepts(valid) == (valid is not CALICO)  # whose order is a fraction
    chance = random.Random(valid["kind"])  # noqa: S311 - to spoil objects, the same way each time
    for _ in range(900):
        mutant = _mutated(valid, chance)
        assert not glance.accepts(mutant) or rust.is_valid(without_nulls(mutant)), mutant


@pytest.mark.parametrize(
    ("valid", "path", "value"), [each[:3] for each in WRONG], ids=[f"{each[1]}-{each[2]}"[:60] for each in WRONG]
)
def test_a_glance_accepts_nothing_that_is_wrong(valid: dict[str, Any], path: str, value: object) -> None:
    assert not Glance(_schema(valid)).accepts(changed(valid, path, value))


def test_a_glance_knows_every_keyword_of_the_shipped_schemas() -> None:
    known = {
        *("$schema", "$defs", "$ref", "title", "description", "x-renamed", "type", "enum"),
        *("properties", "additionalProperties", "propertyNames", "required", "minProperties"),
        *("items", "minItems", "maxItems", "minLength", "maxLength", "pattern", "format", "minimum", "maximum"),
    }
    for path in (shipped("schemas") / "kubernetes").rglob("*.json"):
        assert set(_keywords(json.loads(path.read_text(encoding="utf-8")))) <= known, path


def _keywords(schema: Any) -> Iterator[str]:  # noqa: ANN401 - true and false are schemas too
    if isinstance(schema, dict):
        yield from schema
        by_name = (below for key in ("properties", "$defs") for below in schema.get(key, {}).values())
        for below in (*by_name, *(schema.get(key) for key in ("items", "additionalProperties", "propertyNames"))):
            yield from _keywords(below)


def test_a_few_objects_of_a_kind_are_glanced_at_and_the_engine_judges_the_others() -> None:
    glance = Glance(_schema(SERVICE))
    assert [glance.accepts(SERVICE) for _ in range(FEW + 1)] == [True] * FEW + [False]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("metadata.labels", {f"key {number}": number for number in range(5_000)}),
        ("spec.ports", [{"port": "x"}] * 5_000),
        ("spec.type", "x" * 1_000_000),
        ("metadata.name", "-" * 100_000),
    ],
    ids=["keys", "items", "text", "name"],
)
def test_an_object_that_is_wrong_all_over_is_told_of_in_time(path: str, value: object) -> None:
    validator, wrong = SchemaValidator(_schema(SERVICE)), changed(SERVICE, path, value)
    started = time.monotonic()
    assert not Glance(_schema(SERVICE)).accepts(wrong)
    assert field_errors(document(wrong).root, validator)
    assert time.monotonic() - started < 10


def test_without_the_fast_engine_the_other_judges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "jsonschema_rs", None)
    validator = SchemaValidator(_schema(SERVICE))
    assert validator.is_valid(SERVICE)
    assert not validator.is_valid(changed(SERVICE, "spec.type", "Nodeport"))


def test_a_rule_that_knows_more_of_a_place_speaks_alone() -> None:
    wrong = changed(POLICY, "spec.ingress.0.from.0.ports", [{"port": 80}])
    (line,) = (each for each in lint_text(json.dumps(wrong)) if "ports" in each)
    assert "error[policy-ports-inside-peer]" in line


def test_what_a_build_may_still_add_is_not_missing(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "kustomization.yaml": "resources: [web.yaml, https://example.com/more?ref=v1]\n",
            "web.yaml": """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: _}
                spec:
                  rules: [{http: {paths: [{path: /, backend: {service: {name: web, port: {nmber: 80}}}}]}}]
            """,
        },
    )
    (line,) = lint_tree(tmp_path, select=["field-invalid"])
    assert "the unknown key 'nmber'" in line


def test_every_shipped_schema_stands_where_its_title_says_and_is_ready_in_both_engines() -> None:
    for path in sorted((shipped("schemas") / "kubernetes").glob("*/*.json")):
        api_version, _, kind = json.loads(path.read_text(encoding="utf-8"))["title"].partition(" ")
        validator = shipped_schemas.validator_of(api_version, kind)
        assert validator is not None, path
        for make in (in_rust, in_python):
            assert not SchemaValidator(validator.schema, make=make).is_valid([])


def test_a_kind_or_version_of_nobody_has_no_schema() -> None:
    for api_version, kind in (("v1", "service"), ("v2", "Service"), ("../core/v1", "Service"), ("x/v1", "Service")):
        assert shipped_schemas.validator_of(api_version, kind) is None


def _schema(valid: dict[str, Any]) -> dict[str, Any]:
    validator = shipped_schemas.validator_of(valid["apiVersion"], valid["kind"])
    assert validator is not None
    return validator.schema


def _mutated(valid: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The object with a hostile value, a stray key or a lost one, somewhere."""
    mutant = copy.deepcopy(valid)
    for _ in range(chance.randint(1, 3)):
        place: Any = mutant
        while True:
            keys = (
                list(range(len(place)))
                if isinstance(place, list)
                else [key for key in place if place is not mutant or key in ("spec", "metadata")]
            )
            if not keys:
                break
            key = chance.choice(keys)
            if not isinstance(place[key], dict | list) or chance.random() < 0.25:
                act = chance.choice(["set", "stray", "drop"])
                if act == "set":
                    place[key] = copy.deepcopy(chance.choice(HOSTILE))
                elif isinstance(place, dict) and act == "stray":
                    place[f"{key}s"] = place[key]
                elif isinstance(place, dict):
                    del place[key]
                break
            place = place[key]
    return mutant


@pytest.mark.parametrize(
    ("written", "value"),
    [("n", "false"), ("yes", "true"), ("1.10", "1.1"), ("010", "8"), ("0x1F", "31"), ("1e3", "1000")],
)
def test_a_plain_scalar_is_told_and_to_be_quoted_as_it_is_written(written: str, value: str) -> None:
    text = f"apiVersion: v1\nkind: Service\nmetadata: {{name: web, namespace: {written}}}\nspec: {{}}\n"
    (finding,) = report_on(text, select=["field-invalid"]).open
    assert (
        finding.message == f"Service/web has metadata.namespace {value}, as YAML reads `{written}`; expected a string"
    )
    assert finding.help == f'put it in quotes: "{written}"'
