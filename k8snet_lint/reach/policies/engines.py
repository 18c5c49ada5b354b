"""Policies of other engines in the shape of the analysis, each read by its engine's own module."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.facts import Cni

if TYPE_CHECKING:
    from collections.abc import Iterable

    from k8snet_lint.reach.profile import Profile
    from k8snet_lint.reach.spec import Notes, Policy
    from k8snet_lint.resource import EnginePolicy


def read(policy: EnginePolicy, profile: Profile, notes: Notes) -> Iterable[Policy]:
    """What a policy comes to on a network; nothing where its engine's policies are not analysed."""
    if policy.engine == "Cilium":
        from k8snet_lint.reach.policies import cilium  # noqa: PLC0415 - few manifests hold them
        from k8snet_lint.resource.cilium import CiliumPolicy  # noqa: PLC0415

        if isinstance(policy, CiliumPolicy):
            return cilium.read(policy, notes, enforced=profile.cni is Cni.CILIUM)
    return ()
