"""The configuration file: found in the tree, read, and its mistakes reported at their places."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from k8snet_lint.config.model import Config
from k8snet_lint.config.reader import read
from k8snet_lint.config.values import Rejected
from k8snet_lint.errors import ConfigError, UsageError
from k8snet_lint.loader.names import shown
from k8snet_lint.manifest import InputProblem, decode, parse

if TYPE_CHECKING:
    from pathlib import Path

    from k8snet_lint.manifest import Node
    from k8snet_lint.source import Source

NAMES = (".k8snet-lint.yaml", ".k8snet-lint.yml")
LARGEST = 1 << 20


def discover(start: str | Path) -> Path | None:
    """The configuration that governs `start`, a file or a directory; None where there is none.

    The first of `.k8snet-lint.yaml`, `.k8snet-lint.yml` and a `pyproject.toml` with a table `[tool.k8snet-lint]`, on
    the way up to the directory that holds `.git`, or to the root of the file system.
    """
    below, directory = "", os.path.join(os.getcwd(), start)
    while directory != below:
        for name in NAMES:
            if os.path.isfile(path := os.path.join(directory, name)):
                return _path(path)
        if _is_ours(path := os.path.join(directory, "pyproject.toml")):
            return _path(path)
        if os.path.exists(os.path.join(directory, ".git")):
            return None
        below, directory = directory, os.path.dirname(directory)
    return None


def _path(text: str) -> Path:
    from pathlib import Path  # noqa: PLC0415 - where a configuration is

    return Path(text)


def _is_ours(pyproject: str) -> bool:
    if not os.path.isfile(pyproject):
        return False
    try:
        with open(pyproject, encoding="utf-8", errors="replace") as file:
            text = file.read(LARGEST)
    except OSError as error:
        raise UsageError(f"the configuration '{shown(pyproject)}' cannot be read: {error.strerror}") from error
    if "k8snet-lint" not in text:
        return False
    from k8snet_lint.config.toml import mentions_us  # noqa: PLC0415 - most trees hold no such file

    return mentions_us(text)


def load(path: Path, *, named: bool = False) -> Config:
    """The configuration that the file at `path` holds.

    `named` says that the user gave the path, and thereby trusts it to name directories of rules, which are code.

    Raises UsageError where a named file cannot be read, ConfigError for what is wrong in it: every mistake in a line of
    its own, as `file:line:column: what is there; what was expected`.
    """
    source = _source(path)
    root = _toml(source, named=named) if path.suffix == ".toml" else _yaml(source)
    if root is None or root.value is None:
        return Config(name=source.name)
    try:
        config = read(root.value)
    except Rejected:
        from k8snet_lint.config.explain import mistakes  # noqa: PLC0415 - it imports jsonschema

        raise ConfigError(
            "\n".join(mistakes(root)), help="'k8snet-lint schema config' prints every key and what it takes"
        ) from None
    if root["rules"].present and not named:
        raise ConfigError(
            f"{root['rules'].key_location}: 'rules' is not allowed in a file that was merely found, as rules are code",
            help=f"name the file with --config {source.name}, or the directories with --rules",
        )
    _check_names(root)
    config = config._replace(name=source.name, written=root)
    paths, rules, crds = (_beside(config, given) for given in (config.paths, config.rules, config.crds))
    return config._replace(paths=paths, rules=rules, crds=crds)


def _check_names(root: Node) -> None:
    """See that units, and worlds, can be told by their names. Raises ConfigError."""
    for kind in ("units", "worlds"):
        first: dict[str, Node] = {}
        for entry in root[kind]:
            other = first.setdefault(entry["name"].text, entry["name"])
            if other.location != entry["name"].location:
                raise ConfigError(
                    f"{entry['name'].location}: '{entry['name'].text}' is the name of another of the {kind} too",
                    help=f"rename one of them; the other is at {other.location}",
                )


def _beside(config: Config, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Paths that the file gives relative to itself, relative to the working directory."""
    return tuple(os.path.normpath(os.path.join(config.directory, path)).replace(os.sep, "/") for path in paths)


def _source(path: Path) -> Source:
    name = shown(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"the configuration '{name}' cannot be read: {error.strerror}") from error
    if len(data) > LARGEST:
        raise ConfigError(f"{name}:1:1: the file is larger than 1 MiB; expected a configuration")
    decoded = decode(name, data)
    if isinstance(decoded, InputProblem):
        raise ConfigError(f"{decoded.location}: {decoded.message}", decoded.help)
    return decoded


def _toml(source: Source, *, named: bool) -> Node:
    from k8snet_lint.config import toml  # noqa: PLC0415 - most trees hold no such file

    root = toml.parse(source)
    if named and not root.present:
        raise ConfigError(f"{source.name}:1:1: there is no table [tool.k8snet-lint]", help="add it")
    return root


def _yaml(source: Source) -> Node | None:
    """The root of the one document; None where there is none."""
    parsed = parse(source)
    lines = [f"{problem.location}: {problem.message}" for problem in parsed.problems]
    lines += [f"{extra.root.location}: a further document; expected one" for extra in parsed.documents[1:]]
    if lines:
        raise ConfigError("\n".join(lines), next((problem.help for problem in parsed.problems), "keep one of them"))
    return parsed.documents[0].root if parsed.documents else None
