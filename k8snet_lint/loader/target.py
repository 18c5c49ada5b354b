"""What Flux and Argo CD may apply, and what their objects hold, whatever is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from k8snet_lint.loader.unit import EVERY_KIND
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

PATCHES = ("patches", "patchesJson6902", "patchesStrategicMerge")


class Target(NamedTuple):
    """A path that something applies.

    Shapes: `name` is the object's, `Application argocd/web`; `path` is relative to the root of a repository, empty
    where the source is no such path, and `elsewhere` then says what it is; `overrides` gives the namespace to all
    objects, not only to those that name none; `nested` takes in the directories below; `substituted` where variables
    are filled in; `reasons` say what else is done, and `patched` to values of which kinds; `include` and `exclude` are
    patterns of file names; `helm` are the options for a chart; `applier` is the unit that holds the object;
    `repository` is what the path is of, empty where that is not told.
    """

    name: str
    path: str = ""
    elsewhere: str = ""
    namespace: str = ""
    overrides: bool = False
    nested: bool = True
    substituted: bool = False
    reasons: tuple[str, ...] = ()
    patched: frozenset[str] = frozenset()
    include: str = ""
    exclude: str = ""
    helm: HelmOptions | None = None
    applier: str = ""
    repository: str = ""

    @property
    def is_root(self) -> bool:
        """Whether it applies the whole repository, which changes nothing."""
        return bool(self.path) and not self.path.strip("./")


class HelmOptions(NamedTuple):
    """How a chart at a path is applied.

    Shapes: `files` are relative to the chart or, with `/` before them, to the repository; `text` are values as YAML;
    files that are not there count for nothing with `may_lack`; with `replaces`, they take the place of the chart's own;
    `namespace` is what templates are told, empty where it is the one that the objects get.
    """

    release: str
    values: Mapping[str, Any]
    files: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    text: str = ""
    may_lack: bool = False
    replaces: bool = False
    namespace: str = ""


def patched_by(spec: Mapping[str, Any]) -> frozenset[str]:
    """The kinds that patches beside a path would change values of."""
    kinds = {text(table(each, "target"), "kind") or EVERY_KIND for field in PATCHES for each in tables(spec, field)}
    strewn = spec.get("patchesStrategicMerge") or spec.get("components")
    return frozenset({*kinds, EVERY_KIND} if strewn else kinds)


def table(value: object, key: str) -> dict[str, Any]:
    """The mapping under a key; an empty one where there is none."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def tables(value: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The mappings in the list under a key."""
    found = value.get(key)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def text(value: Mapping[str, Any], key: str) -> str:
    """The text under a key; an empty one where there is none."""
    found = value.get(key)
    return found if isinstance(found, str) else ""


def texts(value: Mapping[str, Any], key: str) -> list[str]:
    """The texts in the list under a key."""
    found = value.get(key)
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
