"""Applications that ApplicationSets of Argo CD make of lists and of directories of the tree."""

from __future__ import annotations

import json
import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from k8snet_lint.helm.values import merged
from k8snet_lint.loader.argo import application
from k8snet_lint.loader.target import Target, table, tables, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

MAX_APPLICATIONS = 1000
"""How many Applications a generator may make."""

_PARAMETER = re.compile(r"\{\{\s*\.?([\w-]+(?:\.[\w-]+|\[\d+\])*)\s*\}\}")
_OF_DIRECTORIES = frozenset({"repoURL", "revision", "requeueAfterSeconds", "directories"})
_NO_NAME = re.compile(r"[^-a-z0-9.]")


def application_set(
    name: str, spec: Mapping[str, Any], directories: Callable[[str], Iterable[str]]
) -> Iterator[Target]:
    """What an `ApplicationSet` applies (argo-cd.readthedocs.io, Generators).

    Shapes: `directories` are those of the repository that a pattern matches; what needs more to be known is named.
    """
    template = table(spec, "template")
    generators = _Generators(directories, nested=spec.get("goTemplate") is True)
    for generator in tables(spec, "generators"):
        made = None if spec.get("templatePatch") else generators.parameters(generator)
        if made is None:
            kinds = ", ".join(sorted(map(str, generator)))
            yield Target(name, elsewhere=f"what its {kinds} generator makes")
            continue
        for parameters in islice(made, MAX_APPLICATIONS):
            filled = _filled(template, parameters)
            if generators.nested and "{{" in json.dumps(filled):
                yield Target(name, elsewhere="what its template makes by functions")
                continue
            own = text(table(filled, "metadata"), "name")
            yield from application(f"Application {own} of {name}", own, table(filled, "spec"))


class _Generators:
    """What generators make parameters of; those of a Go template are `nested`, others have dots in their names."""

    def __init__(self, directories: Callable[[str], Iterable[str]], *, nested: bool) -> None:
        self._directories = directories
        self.nested = nested

    def parameters(self, generator: Mapping[str, Any]) -> Iterable[Mapping[str, Any]] | None:
        """The parameters of each Application that a generator makes; None where they are not told by the tree."""
        kind, settings = next(iter(generator.items())) if len(generator) == 1 else ("", None)
        if not isinstance(settings, dict):
            return None
        elements = settings.get("elements")
        if kind == "list" and set(settings) == {"elements"} and isinstance(elements, list):
            return [each if isinstance(each, dict) else {} for each in elements]
        if kind == "git" and set(settings) <= _OF_DIRECTORIES:
            return self._of_directories(tables(settings, "directories")) or None
        if kind == "matrix" and set(settings) == {"generators"}:
            return self._of_pairs(tables(settings, "generators"))
        return None

    def _of_directories(self, entries: list[dict[str, Any]]) -> list[Mapping[str, Any]]:
        found: dict[str, None] = {}
        for entry in entries:
            if not entry.get("exclude"):
                found.update(dict.fromkeys(self._directories(text(entry, "path"))))
        left_out = {path for each in entries if each.get("exclude") for path in self._directories(text(each, "path"))}
        return [self._of_path(path) for path in found if path not in left_out]

    def _of_path(self, path: str) -> Mapping[str, Any]:
        parts = path.split("/")
        normal = _NO_NAME.sub("-", parts[-1].lower()).strip("-.")
        if self.nested:
            return {"path": {"path": path, "basename": parts[-1], "basenameNormalized": normal}}
        segments = {f"path[{number}]": part for number, part in enumerate(parts)}
        return {"path": path, "path.basename": parts[-1], "path.basenameNormalized": normal, **segments}

    def _of_pairs(self, generators: list[dict[str, Any]]) -> list[Mapping[str, Any]] | None:
        """What two generators make, the second for each of the first, whose parameters it may use."""
        if len(generators) != 2 or any("matrix" in each for each in generators):
            return None
        firsts = self.parameters(generators[0])
        if firsts is None:
            return None
        pairs: list[Mapping[str, Any]] = []
        for first in islice(firsts, MAX_APPLICATIONS):
            seconds = self.parameters(_filled(generators[1], first))
            if seconds is None:
                return None
            pairs.extend(merged([first, second]) for second in islice(seconds, MAX_APPLICATIONS - len(pairs)))
            if len(pairs) == MAX_APPLICATIONS:
                break
        return pairs


def _filled(value: Any, parameters: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as YAML holds it
    """A template with its parameters filled in."""
    if isinstance(value, dict):
        return {key: _filled(item, parameters) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, parameters) for item in value]
    if isinstance(value, str):
        return _PARAMETER.sub(lambda match: _parameter(match, parameters), value)
    return value


def _parameter(match: re.Match[str], parameters: Mapping[str, Any]) -> str:
    value: Any = parameters.get(match.group(1))
    if value is None:
        value = parameters
        for key in match.group(1).split("."):
            value = value.get(key) if isinstance(value, dict) else None
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) else match.group()
