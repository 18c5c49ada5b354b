"""What a question about all connections is narrowed to: a namespace and a port, which have to be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.connectivity.ports import FORM, AskedPort
from k8snet_lint.errors import UsageError
from k8snet_lint.nearest import did_you_mean
from k8snet_lint.quoting import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from k8snet_lint.connectivity.analyses import Analysis
    from k8snet_lint.connectivity.ends import End
    from k8snet_lint.reach import Reach


def hold_namespace(analyses: Sequence[Analysis], name: str) -> None:
    """Raises UsageError where no world knows of the namespace; an empty name is none that is asked for."""
    if not name:
        return
    known = dict.fromkeys(each for _, reach in analyses for each in _namespaces(reach))
    if name not in known:
        said = f"--namespace {quoted(name)} is none of these manifests{did_you_mean(name, known)}"
        raise UsageError(said, help="name a namespace that an object is in, or that the configuration tells of")


def asked_port(analyses: Sequence[Analysis], text: str, targets: Collection[End]) -> AskedPort | None:
    """The port that is asked for; None for an empty text.

    Raises UsageError where it is none, or a name that no pods have, nor a Service among the targets.
    """
    asked = AskedPort.of(text) if text else None
    if asked is not None and asked.name:
        known = dict.fromkeys(_port_names(analyses, targets))
        if asked.name not in known:
            said = f"no container of these manifests declares a port named {quoted(asked.name)}"
            raise UsageError(f"{said}{did_you_mean(asked.name, known)}", help=FORM)
    return asked


def _namespaces(reach: Reach) -> Iterator[str]:
    """Those of the manifests and of the configuration, and of what carries traffic from outside."""
    yield from reach.graph.namespaces.names
    for carriers in (reach.ingress_controller, reach.router):
        yield from (each.namespace for each in carriers.endpoints if each.namespace)


def _port_names(analyses: Sequence[Analysis], targets: Collection[End]) -> Iterator[str]:
    for _, reach in analyses:
        for each in reach.workloads:
            if each.workload is not None:
                yield from (port.name for port in each.workload.ports if port.name)
    for end in targets:
        if end.service is not None:
            yield from (port.name for port in end.service.ports if port.name)
