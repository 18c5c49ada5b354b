"""Hosts of the cluster that free text names: in URLs, before ports, and by the full names of the cluster's DNS.

Text is looked through for the three marks `://`, `.svc` and `:` with digits, each of which starts with a fixed letter,
and what stands around a mark is read within fixed bounds: the time is that of the text's length, whatever it says.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from k8snet_lint.expression import expression
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_TEXT = 1 << 20
"""As much text as a ConfigMap can hold (core/v1 `MaxSecretSize`)."""

MOST_NAME = 253
MOST_SCHEME = 24
MOST_CONTEXT = 80
MOST_LINE = 200
MOST_HOSTS = 500
MOST_MARKS = 10_000
"""How many marks of a kind are looked at: more are no settings, but data."""

HOST = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_"
SCHEME = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-"
OPENING = frozenset(" \t\r\n\"'`=,[(;@|>")
"""What may stand before a host that no scheme introduces."""

CLOSING = frozenset(" \t\r\n\"'`/,])};?#|\\&<")
"""What may stand after a host or its port; a dash or a colon goes on with it, a brace or a dollar fills it in."""

COMMENTS = ("#", "//", ";", "-- ", "* ")

PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}
"""The ports of schemes that servers of the cluster are most called by without one."""

NO_HOSTS = frozenset(
    {"file", "unix", "s3", "s3a", "gs", "abfs", "spiffe", "secret", "vault", "env", "arn", "data", "inline", "urn"}
)
"""Schemes after which no host of a network stands."""

URL = expression(r"://(?:[^\s/@\"'<>]{0,200}@)?([A-Za-z0-9._-]{1,253})(?::(\d{1,5}))?(?![\w.$({%-])")
PORT = expression(r":(\d{2,5})(?![\w.$({%-])")
FULL = expression(r"\.svc(\.[A-Za-z0-9.-]{1,200})?(?![\w$({%-])(?::(\d{1,5})(?![\w.]))?")
LINE = expression(
    r"^[ \t\"'-]*[\w.-]{0,60}host(?:name)?[\"']?(?:[ \t]*[:=][ \t]*|[ \t]+)"
    r"[\"']?([a-z][a-z0-9.-]{0,120})[\"']?[ \t]*[,;]?\r?$",
    re.IGNORECASE | re.MULTILINE,
)
"""A line that tells a host alone, as settings of log shippers and programs do: `Host redis`, `db.host=db`."""

BESIDE = expression(r"[^\n]{0,80}?port[\"']?(?:[ \t]*[:=][ \t]*|[ \t]+)[\"']?(\d{2,5})\b", re.IGNORECASE)
"""The next line's port."""

HOSTS = (
    *("url", "uri", "host", "addr", "endpoint", "server", "service", "upstream", "target", "broker", "bootstrap"),
    *("proxy", "backend", "remote", "dsn", "connect", "peers", "forward", "gateway", "cluster"),
)
"""Parts of words that speak of hosts to connect to."""

OWN = (
    *("listen", "bind", "advertis", "announce", "external", "public", "redirect", "callback", "cors", "origin"),
    *("no_proxy", "noproxy", "root_url", "rooturl", "server_name", "servername", "cookie", "alias", "audience"),
    *("example", "placeholder", "dns_names", "dnsnames"),
)
"""Parts of words that speak of addresses that nobody here connects to: one's own, names for browsers, examples."""

OTHER_THINGS = ("image", "tag", "version", "user", "uid", "gid", "chown", "owner", "comment", "descr", "domain", "cert")
"""Parts of words that speak of what has a colon and a number besides: images, users, times."""

PLAIN = ("url", "uri", "addr", "address", "host", "hosts", "endpoint", "server", "servers", "service", "target", "dsn")
"""How variables and flags end that speak of hosts, whatever stands before: `USER_SERVICE_ADDR`."""


class NamedHost(NamedTuple):
    """A host that a text names.

    Shapes: `name` is in lower case, without a final dot; `port` is None where none is told, and `is_implied` where only
    `scheme` tells it, which is empty where no URL's stands before the name; `said` is what was written, for a message;
    `is_meant` tells whether the words around it speak of hosts to connect to, so that it is no image's tag, no user's
    group and no address of its own, which `is_own` tells of those that words say it is; `is_bare` that it is all of a
    variable that is called like one of a host.
    """

    name: str
    port: int | None
    scheme: str
    said: str
    is_meant: bool
    is_implied: bool = False
    is_bare: bool = False
    is_own: bool = False


def hosts(text: str, word: str = "") -> Iterator[NamedHost]:
    """The hosts that a text names, each of them once; `word` is what the text is called, a variable or a flag.

    What a text of many lines is called says nothing about each of them.
    """
    text = text[:MOST_TEXT]
    if ":" not in text and ".svc" not in text and "\n" not in text:
        return
    word = "" if "\n" in text else word
    found: dict[tuple[str, int | None], NamedHost] = {}
    taken: set[int] = set()
    for way in (_urls, _full_names, _before_ports, _of_lines):
        for start, host in way(text, word):
            if start in taken or _is_comment(text, start):
                continue
            taken.add(start)
            if host is not None and len(found) < MOST_HOSTS:
                key = (host.name, host.port)
                if key not in found or (host.is_meant and not found[key].is_meant):
                    found[key] = host
    yield from found.values()


def _urls(text: str, word: str) -> Iterator[tuple[int, NamedHost | None]]:
    for found in islice(URL.finditer(text), MOST_MARKS):
        before = text[max(0, found.start() - MOST_SCHEME) : found.start()]
        scheme = before[len(before.rstrip(SCHEME)) :].lower()
        port = _port(found[2])
        if not scheme or scheme in NO_HOSTS or not _is_open(text, found.end()):
            yield found.start(1), None
            continue
        said = f"{scheme}://{found[1]}" + (f":{port}" if port else "")
        own = _speaks_of(OWN, f"{word} {_line(text, found.start())}")
        implied = PORTS.get(scheme) if port is None else None
        name, is_implied = _name(found[1]), implied is not None
        yield found.start(1), NamedHost(name, port or implied, scheme, said, not own, is_implied, is_own=own)


def _full_names(text: str, word: str) -> Iterator[tuple[int, NamedHost | None]]:
    for found in islice(FULL.finditer(text), MOST_MARKS):
        start = _start(text, found.start())
        written = f"{text[start : found.start()]}.svc{found[1] or ''}"
        if start < found.start() and _is_free(text, start):
            port = _port(found[2])
            own = _speaks_of(OWN, f"{word} {_line(text, start)}")
            said = f"{written}:{port}" if port else written
            yield start, NamedHost(_name(written), port, "", said, not own, is_own=own)


def _before_ports(text: str, word: str) -> Iterator[tuple[int, NamedHost | None]]:
    for found in islice(PORT.finditer(text), MOST_MARKS):
        end = found.start()
        start = _start(text, end)
        written, port = text[start:end], _port(found[1])
        if port is None or not written.islower() or ".svc" in written or not _is_free(text, start):
            continue
        if _is_open(text, found.end()):
            line = _line(text, start)
            is_item = bool(line.strip()) and not line.strip(" \t-\"'[")
            around = text[max(0, start - MOST_CONTEXT) : start] if is_item else line
            told = f"{word} {line}"
            own = _speaks_of(OWN, told)
            other = own or (_speaks_of(OTHER_THINGS, told) and not word.lower().endswith(PLAIN))
            meant = not other and _speaks_of(HOSTS, f"{word} {around}")
            yield start, NamedHost(_name(written), port, "", f"{written}:{port}", meant, is_own=own)


def _of_lines(text: str, _: str) -> Iterator[tuple[int, NamedHost | None]]:
    """Hosts that lines of a file tell without their port, which the next line may."""
    for found in islice(LINE.finditer(text), MOST_MARKS) if "\n" in text else ():
        written = found[1]
        if written.islower() and not written.endswith("."):
            after = BESIDE.match(text, found.end() + 1, found.end() + MOST_LINE)
            other = _speaks_of(OWN, _line(text, found.start(1)))
            port = _port(after[1]) if after else None
            yield found.start(1), NamedHost(written, port, "", written, is_meant=not other, is_bare=True)


def _speaks_of(words: tuple[str, ...], text: str) -> bool:
    folded = text.lower().replace("-", "_")
    return any(word in folded for word in words)


def _name(written: str) -> str:
    return written.lower().rstrip(".")


def _start(text: str, end: int) -> int:
    """Where the host begins that ends there."""
    before = text[max(0, end - MOST_NAME) : end]
    return end - len(before) + len(before.rstrip(HOST))


def _is_free(text: str, start: int) -> bool:
    """Whether nothing goes before a host that makes it part of something else."""
    return start == 0 or text[start - 1] in OPENING


def _is_open(text: str, end: int) -> bool:
    """Whether nothing goes on with a host after it."""
    return end >= len(text) or text[end] in CLOSING


def _line(text: str, start: int) -> str:
    """What stands before it on its line."""
    return text[max(0, start - MOST_LINE) : start].rpartition("\n")[2]


def _is_comment(text: str, start: int) -> bool:
    return _line(text, start).lstrip().startswith(COMMENTS)


def _port(digits: str | None) -> int | None:
    number = int(digits) if digits else 0
    return number if 1 <= number <= 65535 else None
