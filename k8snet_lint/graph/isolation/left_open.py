"""What policies leave open: namespaces without a default deny, and workloads beside those that are isolated."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from k8snet_lint.graph.together import Companions
from k8snet_lint.placeholder import is_open
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Direction, EnginePolicy, Namespace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.graph.edges import Absence
    from k8snet_lint.graph.graph import Graph
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource import NetworkPolicy, ResourceName, Workload


class OpenNamespace(NamedTuple):
    """A namespace of which no one policy isolates all pods for a direction.

    Shapes: `name` is empty where it is not known yet; `at` is where it is named, in its Namespace or by its first
    workload that is not published; where all are, by the first, so that a finding on what it is open to takes the place
    of one on the namespace; `told_by` is that workload; `workloads` are those that isolation is a question for,
    `exposed` those of them that no policy isolates; `has_policies` tells whether it has any at all for the direction.
    """

    name: str
    direction: Direction
    at: Node
    told_by: Workload
    workloads: tuple[Workload, ...]
    exposed: tuple[Workload, ...]
    has_policies: bool
    absence: Absence

    @property
    def everyone(self) -> str:
        """Its workloads, for a message."""
        count = len(_identities(self.workloads))
        return str(self.workloads[0]) if count == 1 else f"its {count} workloads"

    @property
    def state(self) -> str:
        """What policies do for it, for a message."""
        field = self.direction.field
        if not self.has_policies:
            return f"{self} has no NetworkPolicy for {field}: {self._consequence}"
        count, exposed = len(_identities(self.workloads)), len(_identities(self.exposed))
        if count == exposed:
            return f"{self} has no policy for {field} that selects {self.everyone}"
        some = f"{count - exposed} of {count} workloads" if exposed else self.everyone
        return f"{self} isolates {some} for {field} one by one, but none that comes later"

    @property
    def _consequence(self) -> str:
        if self.direction is Direction.INGRESS:
            return f"every pod of the cluster may connect to {self.everyone}"
        return f"{self.everyone} may connect to any address"

    def __str__(self) -> str:
        units = [workload.unit for workload in self.workloads]
        if self.name and all(unit.is_assumed and unit.namespace == self.name for unit in units):
            return "the namespace of the release"
        return f"Namespace/{self.name}" if self.name else f"the namespace that {self.told_by} will be in"


def open_namespaces(graph: Graph, direction: Direction) -> Iterator[OpenNamespace]:
    """The namespaces with workloads of which no one policy isolates all pods; not the cluster's own."""
    isolation = graph.isolation
    for name in isolation.namespaces:
        judged = isolation.judged(name)
        if not judged or isolation.default_deny(name, direction):
            continue
        written = graph.named(Namespace, "", name)
        inside = [each for each in judged if not graph.is_published(each)]
        first = (inside or judged)[0]
        yield OpenNamespace(
            name="" if is_open(name) else name,
            direction=direction,
            at=written[0].name_node if written and inside else first.name_node,
            told_by=first,
            workloads=judged,
            exposed=isolation.open_workloads(name, direction),
            has_policies=bool(isolation.policies(name, direction)),
            absence=isolation.absence(name),
        )


FEW = 3


class Unselected(NamedTuple):
    """Workloads that no policy isolates for some directions, while others isolate others of their namespace.

    Shapes: one workload where it is sure that ingress is open, else all of a namespace that are open alike; `policies`
    are a few of those that isolate others, and surely come into one namespace with the first workload.
    """

    workloads: tuple[Workload, ...]
    directions: tuple[Direction, ...]
    policies: tuple[NetworkPolicy | EnginePolicy, ...]
    absence: Absence


def unselected(graph: Graph) -> Iterator[Unselected]:
    """The workloads that the policies of their namespace leave out; not those of the cluster's own namespaces."""
    isolation, rejected = graph.isolation, _of_rejected(graph)
    for namespace in isolation.namespaces:
        limited = {each: Companions(found) for each in Direction if (found := isolation.policies(namespace, each))}
        if not limited:
            continue
        absence = isolation.absence(namespace)
        alike: dict[tuple[tuple[Direction, ...], Workload | None], list[Workload]] = {}
        for workload in isolation.judged(namespace):
            free = tuple(
                each
                for each, policies in limited.items()
                if workload not in rejected.get(each, ())
                and any(policies.of(workload))
                and not isolation.is_isolated(workload, each)
            )
            if free:
                own = workload if absence.covered and Direction.INGRESS in free else None
                alike.setdefault((free, own), []).append(workload)
        for (free, _), workloads in alike.items():
            yield Unselected(tuple(workloads), free, tuple(islice(limited[free[0]].of(workloads[0]), FEW)), absence)


def _identities(workloads: tuple[Workload, ...]) -> set[ResourceName]:
    """The objects that workloads are: one that two units of a world hold alike is one."""
    return {each.identity for each in workloads}


def _of_rejected(graph: Graph) -> dict[Direction, set[Workload]]:
    """The workloads that a policy is to isolate which its engine rejects: that is told of the policy, and is enough."""
    found: dict[Direction, set[Workload]] = {}
    for policy in graph.select(EnginePolicy):
        for direction in Direction if policy.flaws and not policy.is_understood else ():
            for meant in policy.isolated(direction):
                selected = graph.peers.pods(policy.namespace, meant.pods, meant.namespaces).workloads
                found.setdefault(direction, set()).update(selected)
    return found
