"""Objects that two versions of manifests write differently, and whose connections each of them has a say about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple
from k8snet_lint.resource import Direction, Namespace, Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.reach.engine import Engine
    from k8snet_lint.reach.joint import Joint
    from k8snet_lint.resource import Resource

Say = tuple["Resource", int, int]
"""An object, and the joint classes for which it counts as sources and as targets of connections."""


class Differing(NamedTuple):
    """An object before and after, None where it is not there.

    Shapes: `sources` and `targets` are the joint classes of which, at that end of a connection, it has a say in it.
    """

    old: Resource | None
    new: Resource | None
    sources: int
    targets: int


def differing(joint: Joint) -> tuple[Differing, ...]:
    """Every object that is not the same in both versions, in the order of evaluation.

    Each is looked for in the whole of a version: one that has a say about other pods than before is there in both.
    """
    versions: list[dict[object, Resource]] = []
    sources: dict[object, int] = {}
    targets: dict[object, int] = {}
    for version in range(len(joint.engines)):
        versions.append({})
        for resource, out, into in _says(joint, version):
            name = _identity(resource)
            versions[version][name] = resource
            sources[name] = sources.get(name, 0) | out
            targets[name] = targets.get(name, 0) | into
    old, new = versions
    return tuple(
        Differing(old.get(name), new.get(name), sources[name], targets[name])
        for name in sources
        if _content(old.get(name)) != _content(new.get(name))
    )


def _says(joint: Joint, version: int) -> Iterator[Say]:
    """Policies with the classes that they are for, workloads and their namespaces with their own."""
    engine = joint.engines[version]
    yield from _policies(joint, version)
    spaces: dict[str, int] = {}
    for endpoint in engine.universe.endpoints(engine.universe.workloads):
        bit = joint.bit(endpoint)
        if endpoint.workload is not None:
            yield endpoint.workload, bit, bit
        spaces[endpoint.namespace or ""] = spaces.get(endpoint.namespace or "", 0) | bit
    for space, bits in spaces.items():
        yield from ((each, bits, bits) for each in engine.graph.named(Namespace, "", space))


def _policies(joint: Joint, version: int) -> Iterator[Say]:
    engine: Engine = joint.engines[version]
    for policy in engine.compiled:
        bits = joint.translated(version, policy.subject.maybe)
        out, into = (bits if policy.has(each) else 0 for each in (Direction.EGRESS, Direction.INGRESS))
        yield policy.policy.resource, out, into
    for index, ruling in engine.mesh.rulings.items():
        yield from ((policy, 0, joint.translated(version, 1 << index)) for policy in ruling.policies)


def _identity(resource: Resource) -> object:
    """What an object is known by; a workload whatever version of the API it is written for."""
    group = "" if isinstance(resource, Workload) else resource.group
    return group, resource.kind, resource.namespace, resource.name


def _content(resource: Resource | None) -> object:
    return resource.node.value if resource is not None else None
