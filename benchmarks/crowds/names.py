"""Crowds of names that are nearly those of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.objects import HTTP, deployment, manifest, policy, service

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmarks.objects import Member


def _near_names(number: int) -> Iterator[str]:
    """Ingresses for Services whose names are slips of others' names, all of one family."""
    yield service(f"backend{_letters(number)}", "web")
    yield _ingress(number, f"backand{_letters(number)}")


def _letters(number: int) -> str:
    """Four letters, of which two differ most of the time."""
    return "".join(chr(ord("a") + number // 26**place % 26) for place in range(4))


def _ingress(number: int, backend: str) -> str:
    path = f"{{path: /, pathType: Prefix, backend: {{service: {{name: {backend}, port: {{number: 80}}}}}}}}"
    spec = f"spec: {{rules: [{{host: h{number}.example.org, http: {{paths: [{path}]}}}}]}}"
    return manifest("networking.k8s.io/v1", "Ingress", f"i{number}", spec)


def _numbered(number: int) -> Iterator[str]:
    """The same of names that differ by their numbers."""
    yield service(f"backend-{number}", f"backend-{number}")
    yield deployment(f"backend-{number}", f"backends-{number}", HTTP)
    yield _ingress(number, f"backends-{number + 5_000}")


def _long_names(number: int) -> Iterator[str]:
    """The same of long names that begin alike."""
    start = "the-platform-of-a-company"
    yield service(f"{start}-backend-{_letters(number)}", "web")
    yield _ingress(number, f"{start}-backand-{_letters(number)}")


def _near_labels(number: int) -> Iterator[str]:
    """Services and policies for labels that are slips of those of pods."""
    letters = _letters(number)
    yield deployment(f"d{number}", f"backend{letters}", HTTP)
    yield service(f"s{number}", f"backand{letters}")
    peer = f"{{podSelector: {{matchLabels: {{app: backent{letters}}}}}}}"
    yield policy(
        f"p{number}", f"{{podSelector: {{matchLabels: {{app: bakcend{letters}}}}}, ingress: [{{from: [{peer}]}}]}}"
    )


def _near_namespaces(number: int) -> Iterator[str]:
    """Policies that admit namespaces whose labels are slips of others."""
    own, other = f"backend{_letters(number)}", f"backand{_letters(number)}"
    yield manifest("v1", "Namespace", own, "", "", f", labels: {{team: {own}}}")
    peer = f"{{namespaceSelector: {{matchLabels: {{team: {other}}}}}}}"
    yield policy("web", f"{{podSelector: {{}}, ingress: [{{from: [{peer}]}}]}}", own)


CROWDS: Mapping[str, Member] = {
    "near names": _near_names,
    "near names, numbered": _numbered,
    "near names, long": _long_names,
    "near labels": _near_labels,
    "near namespaces": _near_namespaces,
}
