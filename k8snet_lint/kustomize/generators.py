"""ConfigMaps and Secrets that a kustomization generates."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from k8snet_lint.kustomize.draft import Draft, Written
from k8snet_lint.kustomize.flaw import NoTarget, Refused
from k8snet_lint.kustomize.part import Part
from k8snet_lint.record import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from k8snet_lint.kustomize.content import Content
    from k8snet_lint.kustomize.draft import Drafts
    from k8snet_lint.manifest import Node

    Load = Callable[[str, Node], Content]
    """The file that an entry names. Raises Refused, or notes a flaw and gives an empty one."""

GENERATORS = {"configMapGenerator": "ConfigMap", "secretGenerator": "Secret"}
LINE = 70
"""How long the lines are into which kustomize breaks base64."""


class Pair(NamedTuple):
    """A key and what it is set to; `node` writes the value, `entry` says in the kustomization where that is."""

    key: str
    value: bytes
    node: Node
    entry: Node

    def part(self, value: str) -> Part:
        """The value in the form that it takes."""
        return Part(self.node, value, () if self.node is self.entry else (self.entry,))


def generate(entry: Node, kind: str, options: Node, load: Load, *, reads_env: bool = True) -> Draft:
    """The object that an entry of a generator makes; `options` are the kustomization's `generatorOptions`.

    Shapes: `reads_env` tells whether its old field `env` counts, which it does not in a plugin's configuration.
    """
    name, namespace = (entry[field] or entry["metadata"][field] for field in ("name", "namespace"))
    if not name.text:
        raise Refused(f"a {kind} to be generated has no name", entry)
    draft = Draft(Written(entry, "v1", kind))
    metadata = {"name": Part(name)}
    if namespace.text:
        metadata["namespace"] = Part(namespace)
    for field in ("labels", "annotations"):
        pairs = _pairs(field, entry["options"], options)
        if pairs is not None:
            metadata[field] = pairs
    fields = {
        "apiVersion": Part(entry, "v1"),
        "kind": Part(entry, kind),
        "metadata": Part.mapping(entry, metadata),
    }
    if kind == "Secret":
        fields["type"] = Part(entry["type"]) if entry["type"].text else Part(entry, "Opaque")
    fields.update(_data(entry, kind, _pairs_of(entry, load, reads_env=reads_env)))
    immutable = _said("immutable", entry["options"], options)
    if immutable is not None:
        fields["immutable"] = Part(immutable)
    draft.root = Part.mapping(entry, fields)
    draft.identify()
    draft.is_hashed = _said("disableNameSuffixHash", entry["options"], options) is None
    draft.behavior = entry["behavior"].text
    return draft


def absorb(drafts: Drafts, made: Draft) -> Draft | None:
    """Add a generated object, or merge it into the one it is to be merged into; gives back one that is in its way."""
    found = drafts.matching(made.id)
    merges = made.behavior in ("merge", "replace")
    if len(found) > 1:
        raise Refused(f"{made.id} may mean several objects", made.root.node)
    if not found:
        if merges:
            raise NoTarget(f"there is no {made.id} to {made.behavior}", made.root.node)
        return drafts.add(made)
    old = found[0]
    if not merges:
        return old
    if made.behavior == "merge":
        for field in ("data", "binaryData"):
            _join(made, old, field)
    _inherit(made, old)
    drafts.replace(old, made)
    return None


def _inherit(made: Draft, old: Draft) -> None:
    """Take over what the object that is merged into is called and labelled."""
    metadata = made.root.fields["metadata"].fields
    theirs = old.root.fields["metadata"].fields
    for field in ("labels", "annotations"):
        pairs = {**theirs[field].fields} if field in theirs else {}
        if field in metadata:
            pairs.update(metadata[field].fields)
        if pairs:
            metadata[field] = Part.mapping(metadata.get(field, theirs.get(field, made.root)).node, pairs)
    for field in ("name", "namespace"):
        metadata.pop(field, None)
        if field in theirs:
            metadata[field] = theirs[field]
    made.previous, made.prefixes, made.suffixes = old.previous, old.prefixes, old.suffixes
    made.is_hashed = made.is_hashed and old.is_hashed
    made.behavior = old.behavior


def _join(made: Draft, old: Draft, field: str) -> None:
    if not old.root.reaches((field,)):
        return
    entries = {**old.root.fields[field].fields}
    if field in made.root.fields:
        for key, part in made.root.fields[field].fields.items():
            if key in entries:
                part.before = (*part.before, entries[key].node, *entries[key].before)
            entries[key] = part
    if entries:
        made.root.fields[field] = Part.mapping(made.root.node, entries)


def _pairs(field: str, own: Node, common: Node) -> Part | None:
    entries = {key: Part(node) for options in (common, own) for key, node in options[field].items()}
    return Part.mapping(own[field] or common[field], entries) if entries else None


def _said(field: str, own: Node, common: Node) -> Node | None:
    """What says that an option is on."""
    return next((options[field] for options in (own, common) if options[field].value is True), None)


def _data(entry: Node, kind: str, pairs: Iterable[Pair]) -> dict[str, Part]:
    """The fields that hold what the entry's files and literals say."""
    data: dict[str, Part] = {}
    binary: dict[str, Part] = {}
    for pair in pairs:
        key = pair.key
        if key in data or key in binary:
            raise Refused(f"'{pair.entry.value!s:.60}' gives the key '{key:.60}' again", pair.node)
        text = _text(pair.value)
        if kind == "Secret":
            data[key] = pair.part(_base64(pair.value))
        elif text is None:
            binary[key] = pair.part(_base64(pair.value))
        else:
            data[key] = pair.part(text)
    found = {"data": data, "binaryData": binary}
    always = ("data",) if kind == "Secret" else ()
    return {field: Part.mapping(entry, entries) for field, entries in found.items() if entries or field in always}


def _pairs_of(entry: Node, load: Load, *, reads_env: bool) -> Iterator[Pair]:
    """What the lines of env files, the literals and whole files set."""
    envs = [*entry["envs"], *([entry["env"]] if reads_env and entry["env"].text else [])]
    for node in envs:
        content = load(node.text, node)
        if content.value is None:
            raise Refused(f"'{node.text:.60}' is no text", node)
        for key, line in content.settings():
            yield Pair(key, line.text.encode("utf-8", "surrogatepass"), line, node)
    for node in entry["literals"]:
        key, equals, value = node.text.partition("=")
        if not key or not equals:
            raise Refused(f"'{node.value!s:.60}' is no literal, expected key=value", node)
        yield Pair(key, _unquoted(value).encode("utf-8", "surrogatepass"), node, node)
    for node in entry["files"]:
        name, equals, path = node.text.partition("=")
        if not node.text or (equals and not (name and path)) or "=" in path:
            raise Refused(f"'{node.value!s:.60}' is no file, expected path or key=path", node)
        content = load(path if equals else name, node)
        yield Pair(name.rpartition("/")[2] if not equals else name, content.data, content.root, node)


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value


def _text(content: bytes) -> str | None:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


def _base64(content: bytes) -> str:
    text = base64.b64encode(content).decode()
    if len(text) < LINE:
        return text
    return "".join(f"{text[start : start + LINE]}\n" for start in range(0, len(text), LINE))
