"""What workloads and ConfigMaps tell programs: environment, command line, files; and which workload takes which."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from k8snet_lint.expression import expression
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource.container import PROBES
from k8snet_lint.resource.hosts import NamedHost, hosts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from k8snet_lint.manifest import Node
    from k8snet_lint.resource.core import ConfigMap
    from k8snet_lint.resource.workload import Workload

Path = tuple[str | int, ...]


BARE = expression(r"(?:^|[_.-])(?:host|hostname|addr|address|server|service|endpoint|upstream)$", re.IGNORECASE)
"""Names of variables whose whole value is a host."""

NAME = expression(r"[a-z][a-z0-9-]{0,62}(?:\.[a-z][a-z0-9-]{0,62})?\Z")


class Setting(NamedTuple):
    """A text that a program is told and that names hosts.

    Shapes: `at` is the path from `root`, the object or the pod template, so that a Node is made of it only where it is
    needed; `word` is what the text is called: a variable, a flag, a file, or empty.
    """

    root: Node
    at: Path
    word: str
    hosts: tuple[NamedHost, ...]

    @property
    def node(self) -> Node:
        return self.root.at(*self.at)


class Taken(NamedTuple):
    """A ConfigMap that a workload takes settings from; `keys` is None for all of them."""

    name: str
    keys: frozenset[str] | None
    at: Node


def of_config_map(config_map: ConfigMap) -> Iterator[Setting]:
    """The keys that name hosts."""
    data = config_map.data.value
    if isinstance(data, dict):
        for key, text in data.items():
            if isinstance(text, str):
                yield from _setting(config_map.node, ("data", key), key, text, data)


def of_workload(workload: Workload) -> Iterator[Setting]:
    """The variables, arguments and probes of its containers that name hosts."""
    spec = workload.pod_spec.value
    for field in ("initContainers", "containers"):
        containers = spec.get(field) if isinstance(spec, dict) else None
        for number, container in enumerate(containers if isinstance(containers, list) else ()):
            if isinstance(container, dict):
                yield from _of_container(workload.template, ("spec", field, number), container)


def _of_container(root: Node, at: Path, container: dict[str, Any]) -> Iterator[Setting]:
    written = container.get("env")
    variables = [each if isinstance(each, dict) else {} for each in written] if isinstance(written, list) else []
    beside = {each["name"]: each.get("value") for each in variables if isinstance(each.get("name"), str)}
    for number, variable in enumerate(variables):
        name, text = variable.get("name"), variable.get("value")
        if isinstance(name, str) and isinstance(text, str):
            yield from _setting(root, (*at, "env", number, "value"), name, text, beside)
    for field in ("command", "args"):
        words, before = container.get(field), ""
        for number, word in enumerate(words if isinstance(words, list) else ()):
            if isinstance(word, str):
                flag = word.partition("=")[0] if word.startswith("-") else before
                yield from _setting(root, (*at, field, number), flag, word, {})
                before = word if word.startswith("-") and "=" not in word else ""
    for probe in PROBES:
        if isinstance(container.get(probe), dict):
            yield from _of_probe(root, (*at, probe), container[probe])


def _of_probe(root: Node, at: Path, probe: dict[str, Any]) -> Iterator[Setting]:
    for handler in ("httpGet", "tcpSocket"):
        called = probe.get(handler)
        host = called.get("host") if isinstance(called, dict) else None
        if isinstance(called, dict) and isinstance(host, str):
            yield from _setting(root, (*at, handler, "host"), "host", f"{host}:{called.get('port')}", {})


def _setting(root: Node, at: Path, word: str, text: str, beside: Mapping[str, object]) -> Iterator[Setting]:
    if ":" in text or ".svc" in text or "\n" in text:
        found = tuple(hosts(text, word))
        if len(found) == 1 and found[0].said == text and found[0].port is None and BARE.search(word):
            found = (found[0]._replace(port=_port_beside(word, beside)),)
    elif BARE.search(word) and NAME.match(text):
        found = (NamedHost(text, _port_beside(word, beside), "", text, is_meant=True, is_bare=True),)
    else:
        return
    if found:
        yield Setting(root, at, word, found)


def _port_beside(word: str, beside: Mapping[str, object]) -> int | None:
    """The port in the variable that is called like the host's: `DB_PORT` beside `DB_HOST`."""
    stem = BARE.sub("", word)
    for ending in ("_PORT", "_port", "-port", ".port", "Port"):
        digits = str(beside.get(f"{stem}{ending}"))
        if digits.isdecimal() and len(digits) < 6:
            return int(digits)
    return None


def taken(workload: Workload) -> Iterator[Taken]:
    """The ConfigMaps whose values its containers find in variables or files."""
    for volume in workload.pod_spec["volumes"]:
        yield from _taken(volume["configMap"], "name", "items")
        for source in volume.at("projected", "sources"):
            yield from _taken(source["configMap"], "name", "items")
    for container in workload.containers:
        for source in container.node["envFrom"]:
            yield from _taken(source["configMapRef"], "name", "")
        for variable in container.node["env"]:
            found = variable.at("valueFrom", "configMapKeyRef")
            if found["name"].text:
                yield Taken(found["name"].text, frozenset({found["key"].text}), found["name"])


def _taken(source: Node, name: str, items: str) -> Iterator[Taken]:
    if source[name].text:
        keys = frozenset(each["key"].text for each in source[items]) if items and source[items] else None
        yield Taken(source[name].text, keys, source[name])
