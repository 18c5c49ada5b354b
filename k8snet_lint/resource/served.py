"""Which kinds the API server itself serves, and under which apiVersion; of the kinds that matter to networking.

Source: Kubernetes API reference, *API groups*.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.nearest import is_near

if TYPE_CHECKING:
    from collections.abc import Mapping

_SERVED: Mapping[str, str] = {
    "v1": "ConfigMap Endpoints Namespace Node Pod ReplicationController Secret Service ServiceAccount",
    "apps/v1": "DaemonSet Deployment ReplicaSet StatefulSet",
    "autoscaling/v2": "HorizontalPodAutoscaler",
    "batch/v1": "CronJob Job",
    "discovery.k8s.io/v1": "EndpointSlice",
    "networking.k8s.io/v1": "Ingress IngressClass NetworkPolicy",
}

_HOMES: Mapping[str, str] = {kind: version for version, kinds in _SERVED.items() for kind in kinds.split()}
_FOLDED: Mapping[str, str] = {kind.lower(): kind for kind in _HOMES}

_GROUPS = frozenset({version.rpartition("/")[0] for version in _SERVED} | {"extensions", "policy"})
"""The groups that nobody but Kubernetes gives kinds to; a kind of the same name elsewhere is another project's."""

_ALSO_SERVED = frozenset({("autoscaling/v1", "HorizontalPodAutoscaler")})


def right_spelling(api_version: str, kind: str) -> tuple[str, str] | None:
    """The apiVersion and kind that are meant by a pair that no API server knows; None where it may be somebody's.

    A kind that stands in another of Kubernetes' own groups, or in a group spelt nearly like its own, is meant to be in
    its own; so is one whose letters differ from its name in case only.
    """
    known = kind if kind in _HOMES else _FOLDED.get(kind.lower(), "")
    if not known or (api_version, kind) in _ALSO_SERVED or (api_version, kind) == (_HOMES[known], known):
        return None
    home = _HOMES[known]
    group, own = (each.rpartition("/")[0] for each in (api_version, home))
    is_ours = group in _GROUPS or is_near(group, own)
    return (home, known) if is_ours else None
