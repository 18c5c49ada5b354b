"""From the documents of a file to the API objects they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.loader.fragment import is_fragment
from k8snet_lint.loader.kinds import BUILT_IN, group_of
from k8snet_lint.loader.unit import Object
from k8snet_lint.manifest import InputProblem, Node, ProblemCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

MAX_LISTS = 8
"""How deep lists may stand in lists; kubectl writes one."""


class Objects:
    """What the documents of one file hold.

    Shapes: `kinds` counts, by `group/Kind`, the objects that were left out for their kind; `others` counts documents
    that are no manifest, `fragments` those that a kustomization would complete, `tests` objects that only
    `helm test` creates, `templates` those of OpenShift, of whose objects nothing is read, `empty` lists without items;
    `unjudged` are objects that were left out for their kind though they were read; `unversioned` are those of the
    problems that kustomize builds all the same, as they lack but a proper apiVersion.
    """

    def __init__(self, objects: Iterable[Object] = (), *, others: int = 0, is_kustomization: bool = False) -> None:
        self.objects = list(objects)
        self.problems: list[InputProblem] = []
        self.unjudged: list[Object] = []
        self.unversioned: list[Object] = []
        self.kinds: dict[str, int] = {}
        self.others = others
        self.fragments = 0
        self.tests = 0
        self.templates = 0
        self.empty = 0
        self.is_kustomization = is_kustomization

    def __bool__(self) -> bool:
        """Whether there is anything of Kubernetes in the file."""
        return bool(self.objects or self.problems or self.kinds or self.fragments or self.tests)


def collect(roots: Iterable[Node], wanted: Callable[[str, str], bool] | None, *, fragments: bool) -> Objects:
    """The objects of a file's documents, those of lists included.

    `wanted` tells by group and kind what to keep; with `fragments`, the file lies beside a kustomization, where a
    document that lacks what the API requires is taken for a patch.
    """
    found = Objects()
    for root in roots:
        value = root.value
        if value == {}:
            continue
        if not isinstance(value, dict):
            found.others += 1
            continue
        api_version, kind = value.get("apiVersion"), value.get("kind")
        if isinstance(api_version, str) and isinstance(kind, str) and api_version and kind:
            if fragments and is_fragment(group_of(api_version), kind, value):
                found.fragments += 1
            elif kind.endswith("List"):
                _expand(Object(root, api_version, kind), wanted, found)
            else:
                _keep(Object(root, api_version, kind), wanted, found)
        elif not kind or not isinstance(value.get("metadata"), dict):
            found.others += 1
        elif fragments:
            found.fragments += 1
        elif not _is_meant(value, kind):
            found.others += 1
        else:
            _miss(root, api_version, kind, found)
    return found


def _miss(root: Node, api_version: object, kind: object, found: Objects) -> None:
    """Note an object that lacks its version or its kind."""
    found.problems.append(_nameless(root, api_version, kind))
    if isinstance(kind, str) and not isinstance(api_version, dict | list) and not is_list(kind, root.value):
        found.unversioned.append(Object(root, "", kind))


def _keep(written: Object, wanted: Callable[[str, str], bool] | None, found: Objects) -> None:
    """Add an object, unless its kind or its purpose leaves it out."""
    group = group_of(written.api_version)
    if wanted is not None and not wanted(group, written.kind):
        name = f"{group}/{written.kind}" if group else written.kind
        found.kinds[name] = found.kinds.get(name, 0) + 1
        found.unjudged.append(written)
    elif _is_test(written.node.value):
        found.tests += 1
    else:
        found.templates += written.kind == "Template" and group in ("", "template.openshift.io")
        found.objects.append(written)


def _expand(root: Object, wanted: Callable[[str, str], bool] | None, found: Objects) -> None:
    """Add the items of a list, and of lists in it."""
    pending = [(root, 1)]
    while pending:
        written, depth = pending.pop()
        if not is_list(written.kind, written.node.value):
            _keep(written, wanted, found)
        elif depth > MAX_LISTS:
            found.problems.append(_problem(written.node, f"lists stand in lists more than {MAX_LISTS} deep"))
        else:
            pending.extend((item, depth + 1) for item in reversed(_items(written, found)))


def is_list(kind: str, value: dict[str, object]) -> bool:
    """Whether it is a `List`, or a list of one kind, as `ServiceList`."""
    return kind.endswith("List") and (kind == "List" or ("items" in value and "spec" not in value))


def _items(written: Object, found: Objects) -> list[Object]:
    """The items of a list; one of a single kind gives its items the apiVersion and kind that they leave out."""
    node, api_version, kind = written
    items = node["items"]
    if items.value is not None and not items.is_list:
        found.problems.append(_problem(items, f"'items' of a {kind} holds {_described(items.value)}, expected a list"))
    found.empty += items.value in ([], None)
    default = Object(node, "", "") if kind == "List" else Object(node, api_version, kind.removesuffix("List"))
    members = []
    for item in items:
        member = Object(item, item["apiVersion"].text or default.api_version, item["kind"].text or default.kind)
        if not item.is_mapping:
            message = f"an item of a {kind} is {_described(item.value)}, expected an object"
            found.problems.append(_problem(item, message))
        elif member.api_version and member.kind:
            members.append(member)
        else:
            found.problems.append(_nameless(item, item["apiVersion"].value, item["kind"].value))
    return members


def _is_test(value: dict[str, object]) -> bool:
    """Whether only `helm test` creates the object."""
    metadata = value.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    hooks = annotations.get("helm.sh/hook") if isinstance(annotations, dict) else None
    return isinstance(hooks, str) and "test" in hooks


def _is_meant(value: Mapping[str, object], kind: object) -> bool:
    """Whether what does not say its version is meant for Kubernetes: other programs write `kind` and `metadata` too.

    It is where the kind is one of Kubernetes' own, or where the version has a key that is all but `apiVersion`.
    """
    return not isinstance(kind, str) or kind in BUILT_IN or any("apiversion" in str(key).lower() for key in value)


def _nameless(node: Node, api_version: object, kind: object) -> InputProblem:
    """The problem of an object that does not say what it is."""
    versioned = isinstance(api_version, str) and api_version
    field_name, value, example = ("kind", kind, "Service") if versioned else ("apiVersion", api_version, "v1")
    at = node[field_name] if node[field_name].present else node["kind"] if node["kind"].present else node
    what = f"'{kind}'" if isinstance(kind, str) and kind else "an object"
    said = "sets no" if value is None or value == "" else f"has {_described(value)} as its"
    message = f"{what} {said} {field_name}, so that kubectl refuses it"
    return _problem(at, message, f"write {field_name}, as in `{field_name}: {example}`")


def _problem(at: Node, message: str, help: str = "") -> InputProblem:  # noqa: A002 - InputProblem's word
    place = at.key_location if at.value is None else at.location
    return InputProblem(ProblemCode.PARSE_ERROR, place, message, help)


def _described(value: object) -> str:
    """A value in words that fit any reader."""
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return f"'{value!s:.40}'"
