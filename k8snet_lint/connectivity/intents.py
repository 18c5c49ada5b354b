"""Assertions about connections, as a file of them says; the shape is `schemas/intents.schema.json`."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from k8snet_lint.connectivity.ports import AskedPort
from k8snet_lint.errors import ConfigError, K8snetLintError, UsageError
from k8snet_lint.manifest import InputProblem, decode, parse
from k8snet_lint.nearest import did_you_mean, listed
from k8snet_lint.quoting import quoted
from k8snet_lint.selector import Selector

if TYPE_CHECKING:
    from collections.abc import Collection

    from k8snet_lint.manifest import Node
    from k8snet_lint.source import Location

LARGEST = 1 << 20
W = TypeVar("W", bound=enum.StrEnum)
HELP = "'k8snet-lint schema intents' prints every key and what it takes"
NAMED = "name the file of intents first, then the manifests; check the path and the working directory"


class Kind(enum.StrEnum):
    """What is asserted: that connections are let through, that none is, or that nobody else has them."""

    ALLOW = "allow"
    DENY = "deny"
    ONLY = "only"


class Quantifier(enum.StrEnum):
    """Of which connections it is to hold: of every pair and port, or of one at the least."""

    ALL = "all"
    ANY = "any"


class OnUnknown(enum.StrEnum):
    """What becomes of an intent of which the manifests do not tell whether it holds."""

    FAIL = "fail"
    PASS = "pass"  # noqa: S105 - a word of the file


@dataclass(frozen=True, slots=True)
class Selected:
    """Pods by selectors.

    Shapes: `namespace` is empty where `namespaces` says which, or where all are meant; `text` is how it is shown.
    """

    text: str
    namespace: str
    namespaces: Selector | None
    pods: Selector


Who = tuple[str | Selected, ...]
"""One end: names as on the command line, and selectors; all of them together."""


@dataclass(frozen=True, slots=True)
class Intent:
    """One assertion, and where it is written. Shapes: without `ports`, every port is meant."""

    name: str
    location: Location
    kind: Kind
    source: Who
    target: Who
    ports: tuple[AskedPort, ...]
    quantifier: Quantifier
    on_unknown: OnUnknown


@dataclass(frozen=True, slots=True)
class Intents:
    """A file of assertions; `name` is its path as given."""

    name: str
    intents: tuple[Intent, ...]


def read_intents(path: str) -> Intents:
    """The intents that a file holds.

    Raises UsageError where it cannot be read, ConfigError with every mistake in it as `file:line:column: …`.
    """
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"the intents {quoted(path)} cannot be read: {error.strerror}", NAMED) from error
    name = path.replace("\\", "/")
    if len(data) > LARGEST:
        raise ConfigError(f"{name}:1:1: the file is larger than 1 MiB; expected intents", HELP)
    source = decode(name, data)
    if isinstance(source, InputProblem):
        raise ConfigError(f"{source.location}: {source.message}", source.help)
    parsed = parse(source)
    lines = [f"{problem.location}: {problem.message}" for problem in parsed.problems]
    lines += [f"{extra.root.location}: a further document; expected one" for extra in parsed.documents[1:]]
    if lines:
        raise ConfigError("\n".join(lines), HELP)
    if not parsed.documents:
        raise ConfigError(f"{name}:1:1: the file is empty; expected intents", HELP)
    reader = _Reader()
    intents = reader.file(parsed.documents[0].root)
    if reader.mistakes:
        found = sorted(set(reader.mistakes), key=lambda each: (each[0].sort_key, each[1]))
        raise ConfigError("\n".join(f"{location}: {message}" for location, message in found), HELP)
    return Intents(name, intents)


class _Reader:
    """Reads nodes into values, and collects what is wrong with them instead of stopping at the first."""

    def __init__(self) -> None:
        self.mistakes: list[tuple[Location, str]] = []

    def wrong(self, node: Node, message: str) -> None:
        self.mistakes.append((node.location, message))

    def keys(self, node: Node, known: Collection[str], what: str) -> bool:
        """Whether it is a mapping; its unknown keys are mistakes."""
        if not node.is_mapping:
            self.wrong(node, f"{what} is {_said(node.value)}; expected a mapping of {listed(known)}")
            return False
        for key, entry in node.items():
            if key not in known:
                meant = did_you_mean(key, known) or f"; expected {listed(known)}"
                self.mistakes.append((entry.key_location, f"unknown key {quoted(key)} in {what}{meant}"))
        return True

    def word(self, node: Node, default: W) -> W:
        """One of the words of which the default is one."""
        choices = {each.value: each for each in type(default)}
        if not node.present:
            return default
        if isinstance(node.value, str) and node.value in choices:
            return choices[node.value]
        meant = did_you_mean(node.text, choices) if node.text else ""
        self.wrong(node, f"'{node.key}' is {_said(node.value)}; expected {listed(choices)}{meant}")
        return default

    def file(self, root: Node) -> tuple[Intent, ...]:
        if not self.keys(root, ("version", "unknown", "intents"), "the file"):
            return ()
        if root["version"].value != 1 or isinstance(root["version"].value, bool):
            self.wrong(root["version"], f"the version is {_said(root['version'].value)}; expected 1")
        unknown = self.word(root["unknown"], OnUnknown.FAIL)
        intents = root["intents"]
        if not intents.is_list or not intents:
            self.wrong(intents, f"'intents' is {_said(intents.value)}; expected a list of intents")
        found = [self.intent(node, unknown) for node in intents]
        return tuple(each for each in found if each is not None)

    def intent(self, node: Node, unknown: OnUnknown) -> Intent | None:
        if not self.keys(node, ("name", *Kind, "quantifier", "unknown"), "an intent"):
            return None
        kinds = [kind for kind in Kind if node[kind].present]
        if len(kinds) != 1:
            said = listed(f"'{kind}'" for kind in kinds).replace(" or ", " and ") if kinds else "nothing"
            self.wrong(node, f"an intent asserts {said}; expected one of {listed(Kind)}")
            return None
        (kind,) = kinds
        name, asserted = node["name"], node[kind]
        if name.present and not name.text:
            self.wrong(name, f"'name' is {_said(name.value)}; expected some text")
        if not self.keys(asserted, ("from", "to", "ports"), f"'{kind}'"):
            return None
        source, target = self.who(asserted["from"], kind), self.who(asserted["to"], kind)
        ports = self.ports(asserted["ports"])
        return Intent(
            name=name.text or _summary(kind, source, target, ports),
            location=(name if name.text else node).location,
            kind=kind,
            source=source,
            target=target,
            ports=ports,
            quantifier=self.word(node["quantifier"], Quantifier.ALL),
            on_unknown=self.word(node["unknown"], unknown),
        )

    def who(self, node: Node, kind: Kind) -> Who:
        if not node.present:
            self.mistakes.append((node.location, f"'{kind}' names no '{node.key}'; expected one"))
            return ()
        items = tuple(node) if node.is_list else (node,)
        if not items:
            self.wrong(node, f"'{node.key}' is an empty list; expected names or selectors")
        found = (self.one(item) for item in items)
        return tuple(each for each in found if each is not None)

    def one(self, node: Node) -> str | Selected | None:
        if node.text:
            return node.text
        if not node.is_mapping or not node:
            self.wrong(node, f"an end is {_said(node.value)}; expected a name such as 'shop/web', or selectors")
            return None
        self.keys(node, ("namespace", "namespaceSelector", "podSelector"), "an end")
        if node["namespace"].present and node["namespaceSelector"].present:
            self.wrong(
                node["namespaceSelector"], "an end has 'namespace' and 'namespaceSelector'; expected one of them"
            )
        if node["namespace"].present and not node["namespace"].text:
            self.wrong(node["namespace"], f"'namespace' is {_said(node['namespace'].value)}; expected some text")
        spaces = self.selector(node["namespaceSelector"]) if node["namespaceSelector"].present else None
        pods = self.selector(node["podSelector"])
        return Selected(_shown(node["namespace"].text, spaces, pods), node["namespace"].text, spaces, pods)

    def selector(self, node: Node) -> Selector:
        flaw = Selector.flaw(node)
        if flaw is not None:
            self.wrong(flaw.node, flaw.why)
        if node.is_mapping:
            self.keys(node, ("matchLabels", "matchExpressions"), f"'{node.key}'")
        return Selector.of(node)

    def ports(self, node: Node) -> tuple[AskedPort, ...]:
        if not node.present:
            return ()
        if not node.is_list or not node:
            self.wrong(node, f"'ports' is {_said(node.value)}; expected a list such as [8080, 53/UDP, http]")
        found = []
        for item in node:
            if item.integer is None and not item.text:
                self.wrong(item, f"a port is {_said(item.value)}; expected a number or a name")
                continue
            try:
                found.append(AskedPort.of(str(item.value)))
            except K8snetLintError as error:
                self.wrong(item, error.message)
        return tuple(found)


def _said(value: object) -> str:
    match value:
        case None:
            return "empty"
        case []:
            return "an empty list"
        case str():
            return quoted(value)
        case bool() | int() | float():
            return f"{value!r:.40}".lower()
        case _:
            return "a list" if isinstance(value, list) else "a mapping"


def _shown(namespace: str, namespaces: Selector | None, pods: Selector) -> str:
    where = namespace or (f"namespaces {namespaces}" if namespaces is not None else "any namespace")
    return f"pods {pods} in {where}"


def who_text(who: Who) -> str:
    """An end in words."""
    return ", ".join(each if isinstance(each, str) else each.text for each in who)


def _summary(kind: Kind, source: Who, target: Who, ports: tuple[AskedPort, ...]) -> str:
    on = f" on {', '.join(port.text for port in ports)}" if ports else ""
    return f"{kind} {who_text(source)} to {who_text(target)}{on}"
