"""Labels that controllers put on pods after the template, so that no manifest can show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from k8snet_lint.facts import Facts
    from k8snet_lint.selector import Requirement, Selector

CONTROLLER_SET = (
    "pod-template-hash",
    "controller-revision-hash",
    "pod-template-generation",
    "statefulset.kubernetes.io/",
    "apps.kubernetes.io/pod-index",
    "batch.kubernetes.io/",
    "job-name",
    "controller-uid",
    "rollouts-pod-template-hash",
    "spilo-role",
    "cnpg.io/",
    "vault-active",
    "vault-initialized",
    "vault-sealed",
    "vault-perf-standby",
    "strimzi.io/",
    "elasticsearch.k8s.elastic.co/",
    "kibana.k8s.elastic.co/",
    "common.k8s.elastic.co/",
    "postgres-operator.crunchydata.com/",
    "operator.prometheus.io/",
    "serving.knative.dev/",
    "eventing.knative.dev/",
    "gateway.networking.k8s.io/",
    "gateway.envoyproxy.io/",
    "kubevirt.io/",
    "ray.io/",
    "sparkoperator.k8s.io/",
    "workflows.argoproj.io/",
    "tekton.dev/",
    "acme.cert-manager.io/",
    "redis-role",
    "patroni",
    "io.cilium.k8s.policy.",
    "reserved:",
    "reserved.",
)
"""Keys, and prefixes of keys; a user adds to them with `controller-labels`."""


def decidable(selector: Selector, facts: Facts) -> Selector | None:
    """The selector without what controllers add; None where nothing decidable is left of it."""
    prefixes = CONTROLLER_SET + facts.controller_labels

    def keep(requirement: Requirement) -> bool:
        return not requirement.key.startswith(prefixes)

    if all(map(keep, selector.requirements)):
        return selector
    rest = selector.where(keep)
    return rest if rest.requirements else None
