"""Texts that something has still to fill in (`${APP}`): nobody knows what they will mean."""

from __future__ import annotations

import pytest

from tests.support import lint_text

TEMPLATE = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: "WEB"}}
spec: {containers: [{name: web, image: web, ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: front, namespace: shop, labels: {app: front}}
spec: {containers: [{name: front, image: front, env: [{name: WEB, value: "http://web:80"}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: "SERVICE"}, ports: [{port: 80, targetPort: 8080}]}
---
POLICY
"""

NETWORK = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {matchLabels: {app: "SELECTED"}}, policyTypes: [Ingress], ingress: [{RULE}]}
"""

CILIUM = """
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: "SELECTED"}}
  ingress: [{fromEndpoints: [{matchLabels: {app: "${CLIENT}"}}]}]
"""

CALICO = """
apiVersion: projectcalico.org/v3
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {selector: "app == 'SELECTED'", types: [Ingress], ingress: [{action: Allow, protocol: TCP, RULE}]}
"""

ADMIN = """
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: web}
spec:
  tier: Admin
  priority: 10
  subject: {namespaces: {}}
  RULES
"""

ABOUT_SELECTORS = ("service-selects-no-pods", "policy-selects-no-pods", "policy-peer-selects-nothing")
ABOUT_TRAFFIC = ("policy-blocks-declared-traffic", "service-unreachable", "workload-not-isolated")


def world(
    *,
    web: str = "web",
    service: str = "web",
    selected: str = "web",
    rule: str = "from: [{podSelector: {}}]",
    policy: str = NETWORK,
) -> str:
    text = TEMPLATE.replace("POLICY", policy.strip())
    for word, written in (("WEB", web), ("SERVICE", service), ("SELECTED", selected), ("RULE", rule)):
        text = text.replace(f'"{word}"', f'"{written}"').replace(f"[{{{word}}}]", f"[{{{written}}}]")
    return text


def findings(text: str, rules: tuple[str, ...]) -> list[str]:
    return lint_text(text, select=rules)


def failing(found: list[str]) -> list[str]:
    return [line for line in found if " note[" not in line]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(world(service="${APP}"), id="of a Service"),
        pytest.param(world(selected="${APP}"), id="of a policy"),
        pytest.param(world(rule='from: [{podSelector: {matchLabels: {app: "${CLIENT}"}}}]'), id="of a peer"),
        pytest.param(
            world(rule='from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: "${NS}"}}}]'),
            id="of a namespace",
        ),
        pytest.param(
            world(rule='from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: "${CLIENT}"}}}]'),
            id="of pods anywhere",
        ),
        pytest.param(world(web="${APP}"), id="of the pods that a Service and a policy select"),
        pytest.param(world(selected="${APP}", policy=CILIUM), id="of a policy of Cilium"),
    ],
)
def test_a_selector_that_is_still_to_be_filled_in_selects_nobody_knows_what(text: str) -> None:
    assert findings(text, ABOUT_SELECTORS) == []


@pytest.mark.parametrize(
    "rule",
    [
        'from: [{podSelector: {matchLabels: {app: "${CLIENT}"}}}]',
        'from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: "${NS}"}}}]',
        'from: [{namespaceSelector: {matchLabels: {team: "${TEAM}"}}}]',
        'from: [{podSelector: {matchLabels: {"${KEY}": front}}}]',
        'from: [{ipBlock: {cidr: "${POD_CIDR}"}}]',
        'from: [{podSelector: {matchLabels: {app: front}}}], ports: [{port: "${PORT}"}]',
    ],
)
def test_what_a_policy_admits_is_not_known_before_it_is_filled_in(rule: str) -> None:
    assert failing(findings(world(rule=rule), ("policy-blocks-declared-traffic", "service-unreachable"))) == []


@pytest.mark.parametrize(
    "rule",
    [
        "source: {selector: \"app == '${CLIENT}'\"}",
        "source: {namespaceSelector: \"projectcalico.org/name == '${NS}'\"}",
        'source: {nets: ["${POD_CIDR}"]}',
        'destination: {ports: ["${PORT}"]}',
    ],
)
def test_what_a_policy_of_calico_admits_is_not_known_either(rule: str) -> None:
    policy = CALICO.replace("SELECTED", "web").replace("RULE", rule)
    assert failing(findings(world(policy=policy), ABOUT_TRAFFIC[:2])) == []
    filled = policy.replace("${CLIENT}", "other").replace("${NS}", "other").replace("${POD_CIDR}", "192.0.2.0/24")
    assert failing(findings(world(policy=filled.replace("${PORT}", "9090")), ABOUT_TRAFFIC[:2])) != []


def test_whom_a_policy_of_calico_is_for_may_still_be_to_be_filled_in() -> None:
    policy = CALICO.replace("SELECTED", "${APP}").replace(", RULE", "")
    assert failing(findings(world(policy=policy), ABOUT_TRAFFIC)) == []


def test_an_exception_that_is_still_to_be_filled_in_may_leave_the_metadata_service_out() -> None:
    policy = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress: [{to: [{ipBlock: {cidr: 169.254.0.0/16, except: ["${METADATA}"]}}]}]
"""
    assert findings(policy, ("policy-allows-metadata-endpoint",)) == []
    assert findings(policy.replace("${METADATA}", "169.254.1.0/24"), ("policy-allows-metadata-endpoint",)) != []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(world(selected="${APP}"), id="the policy"),
        pytest.param(world(web="${APP}", service="${APP}"), id="the pods"),
        pytest.param(world(selected="${APP}", policy=CILIUM), id="a policy of Cilium"),
    ],
)
def test_whether_a_policy_isolates_pods_is_not_known_either(text: str) -> None:
    assert failing(findings(text, ABOUT_TRAFFIC)) == []


def test_what_is_written_alike_is_filled_in_alike() -> None:
    text = world(
        web="${APP}", service="${APP}", selected="${APP}", rule="from: [{podSelector: {matchLabels: {app: x}}}]"
    )
    assert [line.partition("]")[0] for line in failing(findings(text, ABOUT_TRAFFIC))] == [
        "8:18: warning[workload-not-isolated",
        "19:77: error[policy-blocks-declared-traffic",
    ]


@pytest.mark.parametrize(
    "rules",
    [
        'ingress: [{action: Deny, from: [{namespaces: {matchLabels: {kubernetes.io/metadata.name: "${TENANT}"}}}]}]',
        'egress: [{action: Deny, to: [{networks: ["${NET}"]}]}]',
    ],
)
def test_a_deny_of_whom_nobody_knows_yet_denies_nobody_for_sure(rules: str) -> None:
    assert failing(findings(world(policy=ADMIN.replace("RULES", rules)), ABOUT_TRAFFIC[:2])) == []
