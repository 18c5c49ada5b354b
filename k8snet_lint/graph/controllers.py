"""Labels that controllers put on pods after the template, so that no manifest can show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from k8snet_lint.facts import Facts
    from k8snet_lint.graph.pods import PodIndex
    from k8snet_lint.resource import Workload
    from k8snet_lint.selector import Requirement, Selector

POD_NAME = "statefulset.kubernetes.io/pod-name"

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
    "openbao-active",
    "openbao-initialized",
    "openbao-sealed",
    "openbao-perf-standby",
    "vault-active",
    "vault-initialized",
    "vault-sealed",
    "vault-perf-standby",
    "strimzi.io/",
    "elasticsearch.k8s.elastic.co/",
    "kibana.k8s.elastic.co/",
    "common.k8s.elastic.co/",
    "agent.k8s.elastic.co/",
    "apm.k8s.elastic.co/",
    "beat.k8s.elastic.co/",
    "logstash.k8s.elastic.co/",
    "cassandra.datastax.com/",
    "clickhouse.altinity.com/",
    "mysql.oracle.com/",
    "planetscale.com/",
    "scylla/",
    "v1.min.io/",
    "postgres-operator.crunchydata.com/",
    "operator.prometheus.io/",
    "operator.agent.grafana.com/",
    "serving.knative.dev/",
    "eventing.knative.dev/",
    "gateway.networking.k8s.io/",
    "gateway.envoyproxy.io/",
    "kubevirt.io/",
    "vm.kubevirt.io/",
    "serving.kserve.io/",
    "camel.apache.org/",
    "agones.dev/",
    "apps.emqx.io/",
    "eventsource-name",
    "sensor-name",
    "eventbus-name",
    "notebook-name",
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


MADE_AT_RUN_TIME = (
    "app.kubernetes.io/managed-by",
    "spark-role",
    "spark-app-",
    "jenkins/",
    "actions.github.com/",
    "actions-ephemeral-runner",
    "hub.jupyter.org/",
    "dask.org/",
    "dagster/",
)
"""Keys, and prefixes of keys, of pods that a program makes for its jobs and sessions while it runs."""

SHARED_DOMAINS = ("kubernetes.io", "k8s.io", "helm.sh")
"""Domains of labels that everyone writes; what has another domain belongs to one program, which may write it itself."""

SESSIONS = frozenset({"singleuser-server"})
"""Values by which JupyterHub labels the pods that it makes for its users."""


ROLES = frozenset({"follower", "leader", "master", "primary", "replica", "secondary", "slave", "standby"})
"""Values of the label `role` that whoever elects the leader of a database's pods gives them at run time."""


ELECTED = frozenset({"cluster-name", "role"})
"""The labels that go with being elected."""


def elected(selector: Selector, pods: Sequence[Workload]) -> tuple[Workload, ...]:
    """The pods of StatefulSets, or of operators, that a selector means but for the role that they are elected to.

    With the role, they may be given the name of their cluster (Patroni, `kubernetes.scope_label`).
    """
    wanted = {each.key: each.values for each in selector.requirements}
    rest = selector.where(lambda each: each.key not in ELECTED)
    if not wanted.get("role") or not ROLES.issuperset(wanted["role"]) or not rest.requirements:
        return ()
    return tuple(
        pod
        for pod in pods
        if (pod.kind == "StatefulSet" or not pod.containers)
        and ELECTED.isdisjoint(pod.pod_labels)
        and rest.matches(pod.pod_labels)
    )


def decidable(selector: Selector, facts: Facts) -> Selector | None:
    """The selector without what controllers add; None where nothing decidable is left of it."""
    prefixes = CONTROLLER_SET + facts.controller_labels

    def keep(requirement: Requirement) -> bool:
        return not requirement.key.startswith(prefixes)

    if all(map(keep, selector.requirements)):
        return selector
    rest = selector.where(keep)
    return rest if rest.requirements else None


def of_single_pods(selector: Selector, pods: Sequence[Workload]) -> tuple[Workload, ...]:
    """The StatefulSets of which a selector means single pods, by the label that their controller gives each."""
    named = [each.values for each in selector.requirements if each.key == POD_NAME and not each.operator.is_negative]
    wanted = {value.rpartition("-")[0] for values in named for value in values}
    return tuple(each for each in pods if each.kind == "StatefulSet" and each.name in wanted) if wanted else ()


def may_be_made_at_run_time(selector: Selector, *known: PodIndex) -> bool:
    """Whether a program may make the pods that are meant while it runs: Spark's, those of runners and notebooks.

    So it is of labels with a program's domain that none of the pods that are known has, be it with another value.
    """
    return any(
        each.key.startswith(MADE_AT_RUN_TIME)
        or not SESSIONS.isdisjoint(each.values)
        or (_is_of_a_program(each) and not any(pods.carry(each.key) for pods in known))
        for each in selector.requirements
    )


def _is_of_a_program(requirement: Requirement) -> bool:
    domain, slash, _ = requirement.key.rpartition("/")
    return bool(slash) and not domain.endswith(SHARED_DOMAINS) and not requirement.operator.is_negative
