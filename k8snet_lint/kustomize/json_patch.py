"""JSON patches (RFC 6902), as kustomize applies them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.kustomize.flaw import Refused, Unsupported
from k8snet_lint.kustomize.part import Part

if TYPE_CHECKING:
    from k8snet_lint.manifest import Node

OPERATIONS = ("add", "remove", "replace", "move", "copy", "test")
MAX_COPIED = 100_000
"""How many values all operations of a patch may copy: each may double what the one before it copied."""

MAX_DEPTH = 100


def apply(root: Part, operations: Node) -> None:
    """Apply a list of operations. Raises Refused where one cannot be done."""
    room = MAX_COPIED
    for operation in operations:
        name, path = operation["op"].text, _pointer(operation["path"])
        if name not in OPERATIONS:
            raise Refused(f"'{operation['op'].value!s:.40}' is no operation of a JSON patch", operation["op"])
        if name in ("add", "replace"):
            _put(root, path, Part(operation["value"]), operation, replace=name == "replace")
        elif name == "remove":
            _take(root, path, operation)
        elif name == "test":
            _test(root, path, operation)
        else:
            source = _pointer(operation["from"])
            found = _found(root, source, operation)
            room -= _size(found.plain())
            if room < 0 or len(path) + len(source) > MAX_DEPTH:
                raise Unsupported(f"a JSON patch copies more than {MAX_COPIED} values", operation)
            value = found.copy()
            if name == "move":
                _take(root, source, operation)
            value.before = (*value.before, operation["from"])
            _put(root, path, value, operation, replace=False)


def _pointer(node: Node) -> list[str]:
    """The keys of a JSON pointer (RFC 6901); kustomize passes over what stands before its first slash."""
    _, slash, keys = node.text.partition("/")
    if not slash:
        raise Refused(f"'{node.value!s:.60}' is no path of a JSON patch, expected one that starts with '/'", node)
    return [key.replace("~1", "/").replace("~0", "~") for key in keys.split("/")]


def _get(root: Part, path: list[str], operation: Node) -> Part:
    part: Part | None = root
    for key in path:
        part = _below(part, key) if part is not None else None
    if part is None:
        raise Refused(f"nothing stands at '/{'/'.join(path)}'", operation["path"])
    return part


def _found(root: Part, path: list[str], operation: Node) -> Part:
    """What is to be copied, moved or tested; what a mapping does not hold is null."""
    holder = _get(root, path[:-1], operation)
    if holder.is_mapping and path[-1] not in holder.fields and operation["op"].text != "move":
        return Part(operation["from"], None)
    return _get(root, path, operation)


def _below(part: Part, key: str) -> Part | None:
    if part.is_list:
        index = _index(key, len(part.items))
        return part.items[index] if index is not None and index < len(part.items) else None
    return part.fields.get(key)


def _index(key: str, length: int) -> int | None:
    """The position that a key means in a list; negative ones count from the end, and a plus says nothing."""
    digits = key[key[:1] in ("-", "+") :]
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > 9:
        return None
    index = int(key)
    index = index + length if index < 0 else index
    return index if 0 <= index <= length else None


def _put(root: Part, path: list[str], value: Part, operation: Node, *, replace: bool) -> None:
    holder = _get(root, path[:-1], operation)
    key = path[-1]
    if holder.is_mapping:
        # The standard has `replace` fail where nothing stands; what kustomize applies patches with adds then.
        old = holder.fields.get(key)
        if old is not None:
            value.before = (*value.before, old.node, *old.before)
        holder.fields[key] = value
        return
    if not holder.is_list:
        raise Refused(f"'{operation['path'].text}' leads into a scalar", operation["path"])
    # Where an item is added, those that count from the end count the place behind the last one too.
    room = len(holder.items) + (not replace)
    index = len(holder.items) if key == "-" and not replace else _index(key, room)
    if index is None or index >= room:
        raise Refused(f"the list has no item at '{operation['path'].text}'", operation["path"])
    if replace:
        old = holder.items[index]
        value.before = (*value.before, old.node, *old.before)
        holder.items[index] = value
    else:
        holder.items.insert(index, value)


def _take(root: Part, path: list[str], operation: Node) -> None:
    holder = _get(root, path[:-1], operation)
    if holder.is_list:
        index = _index(path[-1], len(holder.items))
        if index is not None and index < len(holder.items):
            del holder.items[index]
            return
    elif path[-1] in holder.fields:
        del holder.fields[path[-1]]
        return
    raise Refused(f"nothing stands at '/{'/'.join(path)}' to be removed", operation["path"])


def _test(root: Part, path: list[str], operation: Node) -> None:
    found, wanted = _found(root, path, operation).plain(), operation["value"]
    if not wanted.present or found != wanted.value or isinstance(found, bool) is not isinstance(wanted.value, bool):
        raise Refused(f"the test of '{operation['path'].text}' fails", wanted)


def _size(value: object) -> int:
    count = 0
    pending = [value]
    while pending:
        value = pending.pop()
        count += 1
        if isinstance(value, dict):
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
    return count
