"""Whatever makes pods: a pod template and the pods that come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.nearest import is_near
from k8snet_lint.placeholder import is_open
from k8snet_lint.resource import port_clashes
from k8snet_lint.resource.base import Resource
from k8snet_lint.resource.container import Container, ContainerPort, ports_text
from k8snet_lint.resource.words import has_host_name, numbers
from k8snet_lint.selector import Selector, labels_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from k8snet_lint.loader import Unit
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource.container import Handler
    from k8snet_lint.resource.port_flaws import Repeat
    from k8snet_lint.resource.settings import Setting
    from k8snet_lint.selector import Requirement

VERBATIM_GROUPS = frozenset({"", "apps", "extensions", "batch", "apps.openshift.io", "argoproj.io", "apps.kruise.io"})
"""Groups whose controllers make pods of a template as it is written; others may add containers and ports to it."""

RUNS_TO_COMPLETION = frozenset(
    {
        "Job",
        "CronJob",
        "BroadcastJob",
        "AdvancedCronJob",
        "Workflow",
        "CronWorkflow",
        "Experiment",
        "SparkApplication",
        "ScheduledSparkApplication",
    }
)

INJECTORS = (
    "sidecar.istio.io/inject",
    "linkerd.io/inject",
    "consul.hashicorp.com/connect-inject",
    "dapr.io/enabled",
    "kuma.io/sidecar-injection",
    "appmesh.k8s.aws/sidecarInjectorWebhook",
    "openservicemesh.io/sidecar-injection",
    "sidecar.opentelemetry.io/inject",
    "sidecar.jaegertracing.io/inject",
    "vault.hashicorp.com/agent-inject",
)
"""Labels and annotations that ask a mesh, or a collector, for its sidecar; some take the name of one."""

NOT_ASKED = frozenset({"", "false", "disabled", "no", "off"})
"""Values that ask for none."""


class Workload(Resource):
    """A kind with a pod template, seen as the pods it makes.

    Shapes: `template` is the mapping with the pods' `metadata` and `spec`; a kind with several templates is
    several Workloads of one name. `supplied` maps labels that a controller adds to their value, and
    `supplied_prefixes` are prefixes of label keys whose values only the controller knows.
    """

    def __init__(
        self,
        node: Node,
        api_version: str,
        kind: str,
        unit: Unit,
        template: Node,
        supplied: Mapping[str, str] | None = None,
        supplied_prefixes: tuple[str, ...] = (),
    ) -> None:
        super().__init__(node, api_version, kind, unit)
        self.template = template
        self.supplied_prefixes = supplied_prefixes
        self._supplied: Mapping[str, str] = supplied or {}
        self.pod_labels = {**labels_of(template.at("metadata", "labels")), **self._supplied}

    @cached_property
    def pod_spec(self) -> Node:
        return self.template["spec"]

    @property
    def has_a_node_each(self) -> bool:
        """Whether its pods insist on nodes that none of the others is on (`requiredDuringScheduling…`)."""
        terms = self.pod_spec.at("affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
        return any(
            term["topologyKey"].text == "kubernetes.io/hostname"
            and term["labelSelector"].is_mapping
            and Selector.of(term["labelSelector"]).matches(self.pod_labels)
            for term in terms
        )

    @cached_property
    def pod_annotations(self) -> dict[str, str]:
        return labels_of(self.template.at("metadata", "annotations"))

    @cached_property
    def containers(self) -> tuple[Container, ...]:
        """All containers, init containers first as they start; empty where a controller writes them."""
        inits = tuple(Container(node, init=True) for node in self.pod_spec["initContainers"] if node.is_mapping)
        return inits + tuple(Container(node, init=False) for node in self.pod_spec["containers"] if node.is_mapping)

    @cached_property
    def ports(self) -> tuple[ContainerPort, ...]:
        """The ports that its pods declare, native sidecars' among them."""
        return tuple(port for container in self.containers if container.serves for port in container.ports)

    @cached_property
    def declares_ports(self) -> bool:
        return bool(self.ports)

    @property
    def port_clashes(self) -> Iterator[Repeat]:
        """Numbers and names that its containers give twice between them."""
        return port_clashes.clashes(self.containers, on_host=self.host_network)

    @cached_property
    def calls(self) -> tuple[tuple[Container, Handler], ...]:
        """The probes and lifecycle hooks of its containers that call the pod itself, on a port that is told."""
        return tuple(
            (container, handler)
            for container in self.containers
            for handler in container.handlers
            if not handler.node["host"] and not is_open(handler.port.value)
        )

    @property
    def ports_node(self) -> Node:
        """Where the first of the ports that its pods declare are written, or else the containers."""
        ports = (each.node["ports"] for each in self.containers if each.serves and each.ports)
        return next(ports, self.pod_spec["containers"])

    @property
    def ports_text(self) -> str:
        """The ports that its pods declare, for a message."""
        return ports_text(self.ports)

    def named_port(self, name: str, protocol: str) -> ContainerPort | None:
        """The declared port of that name and protocol."""
        return self._ports_called.get((name, protocol))

    def declares(self, port: int | str, protocol: str) -> bool:
        """Whether its pods declare a port of that number or name and protocol."""
        return (port, protocol) in self._ports_called

    @cached_property
    def _ports_called(self) -> Mapping[tuple[int | str | None, str], ContainerPort]:
        """The first port of each number and name."""
        ports = reversed(self.ports)
        return {(called, port.protocol): port for port in ports for called in (port.number, port.name)}

    @property
    def sysctls(self) -> Iterator[tuple[Node, str]]:
        """The kernel settings that it asks for, where and by which name, with dots."""
        for each in self.pod_spec.at("securityContext", "sysctls"):
            yield each["name"], each["name"].text.replace("/", ".")

    def serving(self, target: int | str | None, protocol: str) -> Container | None:
        """The container that a Service's target port leads to: the one that declares it, or the only one there is."""
        serving, declaring = self._serving
        return declaring.get((target, protocol), serving[0] if len(serving) == 1 else None)

    @cached_property
    def _serving(self) -> tuple[Sequence[Container], Mapping[tuple[int | str | None, str], Container]]:
        """The containers that serve, and the first of them that declares a port of each number and name."""
        serving = [container for container in self.containers if container.serves]
        declaring = {
            (called, port.protocol): container
            for container in reversed(serving)
            for port in container.ports
            for called in (port.number, port.name)
        }
        return serving, declaring

    @cached_property
    def host_network(self) -> bool:
        return self.pod_spec["hostNetwork"].value is True

    @property
    def is_host_process(self) -> bool:
        """Whether its pods are Windows HostProcess ones, which are taken on the host's network alone."""
        holders = (self.pod_spec, *(container.node for container in self.containers))
        path = ("securityContext", "windowsOptions", "hostProcess")
        return any(holder.at(*path).value is True for holder in holders)

    @cached_property
    def runs_to_completion(self) -> bool:
        """Whether its pods end when their work is done: those of a Job or an experiment, and those never restarted."""
        return self.kind in RUNS_TO_COMPLETION or (
            self.kind == "Pod" and self.pod_spec["restartPolicy"].value in ("Never", "OnFailure")
        )

    @property
    def stages(self) -> Iterator[Mapping[str, str]]:
        """The labels that an Argo Rollout gives the pods of its canary, its preview or an experiment on the way."""
        if self.kind != "Rollout":
            return
        canary, blue_green = self.spec.at("strategy", "canary"), self.spec.at("strategy", "blueGreen")
        named = [canary["canaryMetadata"], canary["stableMetadata"]]
        named += [blue_green["previewMetadata"], blue_green["activeMetadata"]]
        tried = (template["metadata"] for step in canary["steps"] for template in step.at("experiment", "templates"))
        for metadata in (*named, *tried):
            if metadata["labels"]:
                yield {**self.pod_labels, **labels_of(metadata["labels"])}

    @cached_property
    def selector(self) -> Selector:
        """Its own `spec.selector`; a ReplicationController's is a plain map."""
        written = self.spec["selector"]
        if self.kind in ("ReplicationController", "DeploymentConfig"):
            return Selector.of_labels(written)
        return Selector.of(written)

    @cached_property
    def mismatch(self) -> Requirement | None:
        """What its selector asks of its own pods and their template does not give them.

        A controller that adds a label to the pods asks for it by its own selector, whatever is written in either. What
        is still to be filled in may be what it asks for.
        """
        if self.selector.is_empty or self.selector.invalid:
            return None
        written = labels_of(self.template.at("metadata", "labels"))
        asked = (each for each in self.selector.requirements if each.key not in self._supplied)
        return next(
            (
                each
                for each in asked
                if not (each.key.startswith(self.supplied_prefixes) or each.admits(written))
                and not any(map(is_open, (*each.values, written.get(each.key))))
            ),
            None,
        )

    @cached_property
    def has_injected_sidecar(self) -> bool:
        """Whether something adds containers, and with them ports, that no template shows."""
        told = {**self.pod_labels, **self.pod_annotations}
        return any(told.get(key, "").lower() not in NOT_ASKED for key in INJECTORS)

    @cached_property
    def is_verbatim(self) -> bool:
        """Whether its controller makes pods of the template as it is written."""
        return self.group in VERBATIM_GROUPS

    @cached_property
    def is_whole(self) -> bool:
        """Whether the template shows every container and port: nothing adds some, and nothing is to be filled in."""
        if any(port.is_open for port in self.ports):
            return False
        return bool(self.containers) and self.is_verbatim and not self.has_injected_sidecar

    def nearly_declares(self, name: str) -> bool:
        """Whether a name may be a slip of that of a port, so that no container that is added to the pods has it."""
        is_told = self.is_verbatim and not any(port.is_open for port in self.ports)
        return is_told and any(is_near(name, port.name) for port in self.ports)

    @cached_property
    def tells_numbers(self) -> bool:
        """Whether pods that listen on a number would declare it: they declare some, and each can be read."""
        return self.is_whole and self.declares_ports and all(port.number is not None for port in self.ports)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers that stand as words of their own in arguments, environment or annotations."""
        return numbers((self._words,))

    @cached_property
    def names_hosts(self) -> bool:
        """Whether something in arguments, environment or annotations reads like the name of a host."""
        return has_host_name(self._words) or any(container.is_told_a_host for container in self.containers)

    @cached_property
    def settings(self) -> tuple[Setting, ...]:
        """What its containers are told that names hosts."""
        from k8snet_lint.resource.settings import of_workload  # noqa: PLC0415 - it knows what a workload is

        return tuple(of_workload(self))

    @cached_property
    def _words(self) -> str:
        return "\n".join((*(container.words for container in self.containers), *self.pod_annotations.values()))
