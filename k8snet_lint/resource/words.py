"""Numbers and names of hosts, looked up in free text, and which names everyone takes for himself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snet_lint.expression import expression
from k8snet_lint.placeholder import is_open

if TYPE_CHECKING:
    from collections.abc import Iterable

HOST_NAME = r"://[a-z]|\.svc\b|\.cluster\.local\b|_HOST\b|\b[a-z][a-z0-9-]{1,62}(\.[a-z][a-z0-9-]{0,62}){0,5}:\d{2,5}\b"
SERVICE_URL = r"(?<=[a-z])://(?:[^/@\s]*@)?(?!localhost:)[a-z][a-z0-9-]*(?:\.[a-z0-9-]+\.svc(?:\.cluster\.local)?)?:\d+"


def numbers(texts: Iterable[str]) -> frozenset[str]:
    """The numbers that stand in some texts without a digit on either side of them.

    The port in the URL of a Service is none: it is the Service's, and tells nothing of the pods that call it. Kafka's
    listeners are not meant, whose schemes are in capitals.
    """
    return frozenset(number for text in texts for number in re.findall(r"\d+", re.sub(SERVICE_URL, " ", text)))


def has_host_name(text: str) -> bool:
    """Whether something in a text reads like the name of a host: in a URL, before a port, or of the cluster."""
    return re.search(HOST_NAME, text) is not None


def lowered(host: str) -> str:
    """A host as names are compared, without regard to case; where it holds a variable, the case tells which."""
    return host if is_open(host) else host.lower()


LOOPBACK = expression(
    r"localhost|localhost\.localdomain|.+\.localhost"
    r"|(?:.+\.)?(?:localtest\.me|lvh\.me|vcap\.me)"
    r"|(?:.+[.-])?127[.-]0[.-]0[.-]1\.(?:(?:nip|sslip|xip)\.io|traefik\.me)"
    r"|(?:(?:.+[.-])?(?:\*|[^.-]*[a-z][^.-]*)\.)?traefik\.me"
)
"""Names of RFC 6761, and names below public domains that stand for 127.0.0.1 on purpose.

Names below `traefik.me` do unless they hold another address.
"""


def is_loopback(host: str) -> bool:
    """Whether every client takes the name for itself, so that nothing leaves its machine."""
    return LOOPBACK.fullmatch(host) is not None
