"""No rule fails on values of a wrong type, wherever they stand: the pages' examples, with a few values put wrong."""

from __future__ import annotations

import copy
from functools import cache
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from k8snet_lint import registry
from k8snet_lint.declare import Preset
from k8snet_lint.page import examples
from tests.support import report_on

WRONG: tuple[Any, ...] = (
    None,
    [],
    {},
    "",
    0,
    -1,
    70000,
    True,
    1.5,
    "x",
    "a/b",
    "$(X)",
    [None],
    [[]],
    ["x"],
    {"a": None},
    {1: 2},
)


@cache
def pages() -> list[list[Any]]:
    """The documents of every example that is one file and parses."""
    rules = [rule for rule in registry.load().rules.values() if rule.subject != "engine"]
    texts = [example.text for rule in rules for example in examples(rule.docs) if "# file:" not in example.text]
    return [[each for each in yaml.safe_load_all(text) if each is not None] for text in texts]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401
    """The paths of all values within a value."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, each in entries for found in ((*path, key), *places(each, (*path, key)))]


def put_wrong(random: Random, documents: list[Any]) -> None:
    *above, key = random.choice(places(documents))
    holder = documents
    for step in above:
        holder = holder[step]
    holder[key] = copy.deepcopy(random.choice((*WRONG, [holder[key]], {"a": holder[key]})))


PROBED_BY_A_LIST = """
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: web, namespace: shop}
spec: {selector: {matchLabels: {app: web}}, portLevelMtls: {9999: {mode: PERMISSIVE}}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: a, image: x, readinessProbe: {httpGet: {port: [8080]}}}]}
"""

AUTHORITY_OF_A_NUMBER = """
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: web, namespace: shop}
spec:
  targetRefs: [{group: '', kind: Service, name: web}]
  validation: {hostname: web, caCertificateRefs: [{group: '', kind: ConfigMap, name: ca}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: ca, namespace: shop}
data: 5
"""


@pytest.mark.parametrize("text", [PROBED_BY_A_LIST, AUTHORITY_OF_A_NUMBER])
def test_what_once_made_a_rule_fail_does_no_more(text: str) -> None:
    assert report_on(text, preset=Preset.STRICT).crashed == ()


@pytest.mark.parametrize("batch", range(4))
def test_no_rule_fails_on_values_of_a_wrong_type(batch: int) -> None:
    @settings(max_examples=120, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(min_value=0, max_value=2**48))
    def holds(seed: int) -> None:
        random = Random(seed * 4 + batch)  # noqa: S311 - manifests, not secrets
        documents = copy.deepcopy([*random.choice(pages()), *random.choice(pages())])
        for _ in range(random.randint(1, 4)):
            put_wrong(random, documents)
        text = yaml.safe_dump_all(documents)
        assert report_on(text, preset=Preset.STRICT).crashed == (), text

    holds()
