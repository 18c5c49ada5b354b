"""Values that ingress-nginx writes into its configuration, and what of NGINX they must not hold.

Source: ingress-nginx, `internal/ingress/inspector/rules.go` and the annotations' validators.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from k8snet_lint.manifest import Node
    from k8snet_lint.resource.ingress import Ingress

PREFIX = "nginx.ingress.kubernetes.io/"
LISTS = ("-source-range", "-list", "cors-", "custom-http-errors", "server-alias", "-headers", "whitelist", "denylist")
PLAIN = frozenset(
    {
        "app-root",
        "auth-signin",
        "auth-signin-redirect-param",
        "auth-tls-error-page",
        "auth-tls-match-cn",
        "auth-url",
        "mirror-host",
        "mirror-target",
        "permanent-redirect",
        "proxy-redirect-from",
        "proxy-redirect-to",
        "proxy-ssl-name",
        "rewrite-target",
        "session-cookie-domain",
        "session-cookie-path",
        "temporal-redirect",
        "upstream-vhost",
        "x-forwarded-prefix",
    }
)
"""URLs, paths and names: fields in which the controller accepts none of NGINX' punctuation."""

VARIABLE = re.compile(r"[$#]\{\w+\}#?|\{\{[^{}]*\}\}")
"""What is filled in before the controller sees it, or by NGINX itself."""

EXPRESSION = "auth-tls-match-cn"
"""The one of those fields that is a regular expression, where numbers in braces tell how often something is there."""

TIMES = re.compile(r"\{\d+(?:,\d*)?\}")
PUNCTUATION = re.compile(r"[;{}#]")
LINE_BREAK = re.compile(r"[\r\n]")
DIRECTIVE = re.compile(
    r"_by_lua|\b(?:alias|root)\s[^;]{0,200};|(?<![\w/.-])/etc/[\w./-]*|/var/run/secrets[\w./-]*", re.IGNORECASE
)


class Injection(NamedTuple):
    """A value that reaches beyond its directive: what it is the value of, and the text that does it."""

    node: Node
    field: str
    text: str


def injections(ingress: Ingress) -> Iterator[Injection]:
    """Such values of its annotations, those but for snippets, which are configuration, and of its paths."""
    for key, annotation in ingress.metadata["annotations"].items():
        if key.startswith(PREFIX) and not key.endswith("-snippet"):
            field = key.removeprefix(PREFIX)
            if text := _in_annotation(field, annotation.text.strip()):
                yield Injection(annotation, field, text)
    for path in ingress.paths:
        found = LINE_BREAK.search(path.path) or DIRECTIVE.search(path.path)
        if found:
            yield Injection(path.node["path"], "path", found[0])


def _in_annotation(field: str, value: str) -> str:
    found = None
    if not any(part in field for part in LISTS):
        found = LINE_BREAK.search(value)
    if field in PLAIN:
        plain = VARIABLE.sub("", value)
        found = PUNCTUATION.search(TIMES.sub("", plain) if field == EXPRESSION else plain) or found
    found = found or DIRECTIVE.search(value)
    return found[0] if found else ""
