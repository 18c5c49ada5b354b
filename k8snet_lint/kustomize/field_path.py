"""Paths to fields as replacements write them: `spec.template.spec.containers.[name=web].image`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from k8snet_lint.kustomize.flaw import Refused, Unsupported
from k8snet_lint.kustomize.part import Part
from k8snet_lint.kustomize.target import compiled
from k8snet_lint.kustomize.words import as_text, resolved

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.manifest import Node

_DOT = re.compile(r"(?<!\\)\.")
_INDEX = re.compile(r"[+-]?[0-9]{1,9}")


def keys_of(path: str) -> list[str]:
    r"""The keys of a path; a dot within a key is `\\.`, or the key stands in brackets."""
    keys = [key.replace("\\.", ".") for key in _DOT.split(path.removeprefix("."))]
    found: list[str] = []
    while keys:
        key = keys.pop(0)
        if key.startswith("[") and not key.endswith("]"):
            while keys and not key.endswith("]"):
                key += f".{keys.pop(0)}"
            key = key if "=" in key else key.strip("[]")
        found.append(key)
    return found


def text_of(part: Part) -> str:
    """A scalar as it is written; nothing of anything else, or of what was but made."""
    value = part.plain()
    if isinstance(value, dict | list) or (value is None and part.node.value is not None):
        return ""
    return value if isinstance(value, str) else as_text(part)


def get(root: Part, keys: Sequence[str], path: Node) -> Part | None:
    """The one value that keys lead to. Raises Refused where they do not fit what is there; `path` writes them."""
    part: Part | None = root
    for key in filter(None, (key.strip() for key in keys)):
        if part is None or part.is_null:
            return None
        if _INDEX.fullmatch(key) or key == "-":
            part = _item(part, key, path)
        elif _is_condition(key):
            part = next(_items(part, key, path, whole=True), None)
        elif part.is_mapping and key != "*":
            part = part.fields.get(key)
        else:
            raise Refused(f"'{path.text:.80}' leads nowhere: '{key:.40}' fits nothing there", path)
    return part


def reach(root: Part, path: Node, creator: Node | None) -> list[Part]:
    """All values at a path; with a Node to attribute it to, what is missing is made, the last of it as a null.

    Raises Refused where there are none.
    """
    found = list(_reach(root, keys_of(path.text), path, creator))
    if not found:
        raise Refused(f"nothing stands at '{path.text:.80}'", path)
    return found


def _reach(part: Part, keys: Sequence[str], path: Node, creator: Node | None) -> Iterator[Part]:
    if not keys:
        yield part
        return
    if part.is_null:
        raise Unsupported(f"a null stands on the way of '{path.text:.80}'", path)
    key, rest = keys[0], keys[1:]
    if _INDEX.fullmatch(key) and not key.startswith("-"):
        below = [_made_item(part, int(key), rest, path, creator)]
    elif _is_condition(key):
        met = [each for item in _items(part, key, path, whole=False) for each in _reach(item, rest, path, creator)]
        yield from met
        below = [] if met or creator is None else [_appended(part, key, creator)]
    elif key == "*":
        below = _list(part, path).items
    else:
        below = _fields(part, key, rest, path, creator)
    for each in below:
        yield from _reach(each, rest, path, creator)


def _fields(part: Part, key: str, rest: Sequence[str], path: Node, creator: Node | None) -> list[Part]:
    if not part.is_mapping:
        raise Refused(f"'{path.text:.80}' leads into what is no mapping at '{key:.40}'", path)
    if key not in part.fields:
        if creator is None:
            return []
        part.fields[key] = _fresh(rest, creator)
    return [part.fields[key]]


def _made_item(part: Part, index: int, rest: Sequence[str], path: Node, creator: Node | None) -> Part:
    items = _list(part, path).items
    if index == len(items) and creator is not None:
        items.append(_fresh(rest, creator))
    return _item(part, str(index), path)


def _fresh(rest: Sequence[str], creator: Node) -> Part:
    """What is made where the rest of a path goes on."""
    if not rest:
        return Part(creator, None)
    is_list = _is_condition(rest[0]) or (_INDEX.fullmatch(rest[0]) and not rest[0].startswith("-"))
    return Part(creator, []) if is_list else Part.mapping(creator)


def _appended(part: Part, key: str, creator: Node) -> Part:
    name, _, value = key[1:-1].partition("=")
    item = Part(creator, resolved(value))
    part.items.append(Part.mapping(creator, {name: item}) if name else item)
    return part.items[-1]


def _list(part: Part, path: Node) -> Part:
    if not part.is_list:
        raise Refused(f"'{path.text:.80}' leads into what is no list", path)
    return part


def _item(part: Part, key: str, path: Node) -> Part:
    items = _list(part, path).items
    index = len(items) - 1 if key == "-" else int(key)
    if not 0 <= index < len(items):
        raise Refused(f"the list has no item {key} at '{path.text:.80}'", path)
    return items[index]


def _is_condition(key: str) -> bool:
    return key.startswith("[") and key.endswith("]")


def _items(part: Part, key: str, path: Node, *, whole: bool) -> Iterator[Part]:
    """The items that a condition as `[name=web]` means: where targets are looked for, by a regular expression."""
    name, equals, wanted = key[1:-1].partition("=")
    if not equals:
        raise Refused(f"'{key:.40}' is no condition, expected [field=value]", path)
    for item in _list(part, path).items:
        held = item.fields.get(name) if name else item
        if held is not None and (
            text_of(held) == wanted if whole else compiled(wanted, path).search(text_of(held).strip()) is not None
        ):
            yield item
