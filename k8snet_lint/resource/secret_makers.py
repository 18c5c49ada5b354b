"""Secrets and ConfigMaps that no manifest holds because something makes them of another object.

Sources: each project's reference of the custom resource named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.resource.everywhere import everywhere
from k8snet_lint.resource.ingress import is_issued

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snet_lint.manifest import Node
    from k8snet_lint.resource.base import Resource

EVERYWHERE = "*"
"""Stands for a Secret's namespace where it is copied to whichever asks for it."""

_SPEC_SECRET_NAME = ("spec", "secretName")
_NAME = ("metadata", "name")

_NAMED_AT: Mapping[tuple[str, str], tuple[tuple[str, ...], ...]] = {
    ("cert-manager.io", "Certificate"): (_SPEC_SECRET_NAME,),
    ("certmanager.k8s.io", "Certificate"): (_SPEC_SECRET_NAME,),
    ("cert.gardener.cloud", "Certificate"): (_SPEC_SECRET_NAME, ("spec", "secretRef", "name")),
    ("external-secrets.io", "ExternalSecret"): (("spec", "target", "name"), _NAME),
    ("kubernetes-client.io", "ExternalSecret"): (_NAME,),
    ("bitnami.com", "SealedSecret"): (("spec", "template", "metadata", "name"), _NAME),
    ("secrets-store.csi.x-k8s.io", "SecretProviderClass"): (("spec", "secretObjects", "*", "secretName"),),
    ("secrets.hashicorp.com", "VaultStaticSecret"): (("spec", "destination", "name"),),
    ("secrets.hashicorp.com", "VaultDynamicSecret"): (("spec", "destination", "name"),),
    ("secrets.hashicorp.com", "VaultPKISecret"): (("spec", "destination", "name"),),
    ("secrets.infisical.com", "InfisicalSecret"): (("spec", "managedSecretReference", "secretName"),),
    ("secrets.doppler.com", "DopplerSecret"): (("spec", "managedSecret", "name"),),
    ("onepassword.com", "OnePasswordItem"): (_NAME,),
    ("ricoberger.de", "VaultSecret"): (_NAME,),
    ("isindir.github.com", "SopsSecret"): (("spec", "secretTemplates", "*", "name"),),
    ("spv.no", "AzureKeyVaultSecret"): (("spec", "output", "secret", "name"),),
}
"""Where each kind writes the name of the Secret that becomes of it, in the object's own namespace."""

_NAMED_AT_EVERYWHERE: Mapping[tuple[str, str], tuple[tuple[str, ...], ...]] = {
    ("external-secrets.io", "ClusterExternalSecret"): (
        ("spec", "externalSecretSpec", "target", "name"),
        ("spec", "externalSecretName"),
        _NAME,
    ),
}

_GENERATED_AT = (("secretGenerator", "*", "name"),)
"""Where a kustomization names Secrets that it makes, which may not be built as their files are in no repository."""

_ISSUED_AT: Mapping[tuple[str, str], tuple[tuple[str, ...], ...]] = {
    ("networking.k8s.io", "Ingress"): (("spec", "tls", "*", "secretName"),),
    ("gateway.networking.k8s.io", "Gateway"): (("spec", "listeners", "*", "tls", "certificateRefs", "*", "name"),),
}
"""Where kinds name the Secrets that are made for them if an annotation says so, for others to use as well."""

_ANNOTATED_AT = (
    ("metadata", "annotations"),
    ("spec", "secretTemplate", "annotations"),
    ("spec", "target", "template", "metadata", "annotations"),
    ("spec", "template", "metadata", "annotations"),
)
_COPIERS = ("reflector.v1.k8s.emberstack.com/", "replicator.v1.mittwald.de/", "kubed.appscode.com/sync")
"""Prefixes of annotations by which a Secret is copied into other namespaces."""


def secrets_made(resource: Resource) -> Iterator[tuple[str, str]]:
    """The namespace and name of the Secrets that come of a resource, beyond itself if it is one."""
    kind = (resource.group, resource.kind)
    if kind in _ISSUED_AT and is_issued(resource.annotations):
        yield from ((resource.namespace, name) for name in _names(resource.node, _ISSUED_AT[kind]))
    names = [*_names(resource.node, _NAMED_AT.get(kind, ()))]
    yield from ((resource.namespace, name) for name in names)
    yield from ((EVERYWHERE, name) for name in _names(resource.node, _NAMED_AT_EVERYWHERE.get(kind, ())))
    if resource.kind in ("Kustomization", "Component"):
        yield from ((EVERYWHERE, name) for name in _names(resource.node, _GENERATED_AT))
    if (names or kind == ("", "Secret")) and _is_copied(resource.node):
        yield from ((EVERYWHERE, name) for name in names or [resource.name])


def config_map_made(resource: Resource) -> str:
    """The name of the ConfigMap that trust-manager makes of a bundle of authorities in whichever namespace."""
    is_bundle = resource.group == "trust.cert-manager.io" and resource.kind in ("Bundle", "ClusterBundle")
    return resource.name if is_bundle else ""


def _names(node: Node, paths: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    for path in paths:
        yield from (found.text for found in everywhere(node, path) if found.text)


def _is_copied(node: Node) -> bool:
    return any(key.startswith(_COPIERS) for path in _ANNOTATED_AT for key, _ in node.at(*path).items())
