"""How kustomize merges the items of two lists (kyaml `walkAssociativeSequence`), to the letter.

Items are told apart by the texts of their keys. Where two keys count, as a port and its protocol, an item that leaves
one out is taken for the one that agrees in the other; which of the two then stays is what kustomize does, not what
one would expect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.kustomize.flaw import Refused, Unsupported
from k8snet_lint.kustomize.part import Part
from k8snet_lint.kustomize.words import null_word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Texts = tuple[str, ...]

MAX_ITEMS = 2000
"""How many items two lists may hold together, since each is compared with each."""


def merge_items(
    sources: tuple[Part, Part | None], keys: Texts, merged: Callable[[Part | None, Part | None], Part | None]
) -> None:
    """Merge the items of `sources[1]` into those of `sources[0]`."""
    dest, patch = sources
    if len(dest.items) + (len(patch.items) if patch is not None else 0) > MAX_ITEMS:
        raise Unsupported(f"two lists of more than {MAX_ITEMS} items together are not merged", dest.node)
    wanted = _values(sources, keys)
    if not wanted:
        return
    if len(keys) > 1:
        wanted = _agreeing(wanted)
    found: list[Part] = []
    valid = keys
    for values in wanted:
        valid, texts = _valid(wanted, values, keys)
        own_keys, own_texts = _valid([texts], texts, valid)
        old, new = (_find(source.items, own_keys, own_texts) if source is not None else None for source in sources)
        value = merged(old, new)
        if value is None or value.is_null or (value.is_mapping and not value.fields):
            dest.hold(_set(dest.items, valid, texts, None))
            continue
        for key, text in zip(valid, texts, strict=False):
            if key and text and key not in value.fields:
                value.fields[key] = Part(value.node, int(text) if text.isdecimal() else text)
        found = _set(found, valid, texts, value)
    for item in dest.items:
        found = _append(found, item, valid)
    dest.hold(found)


def _values(sources: Sequence[Part | None], keys: Texts) -> list[Texts]:
    """What the items' keys hold, the patch's items first."""
    found = (tuple(_text(item, key) for key in keys) for source in reversed(sources) if source for item in source.items)
    return list(dict.fromkeys(found))


def _agreeing(wanted: list[Texts]) -> list[Texts]:
    """Those that differ but in what one of them leaves out, made the same."""
    wanted = list(wanted)
    for one in range(len(wanted)):
        first = wanted[one]
        for other in range(len(wanted)):
            joined = _joined(first, wanted[other])
            if joined is not None:
                wanted[one] = wanted[other] = joined
    return wanted


def _joined(first: Texts, second: Texts) -> Texts | None:
    if not any(one == other for one, other in zip(first, second, strict=True)):
        return None
    if any(one != other and one and other for one, other in zip(first, second, strict=True)):
        return None
    return tuple(one or other for one, other in zip(first, second, strict=True))


def _valid(wanted: Sequence[Texts], values: Texts, keys: Texts) -> tuple[Texts, Texts]:
    """The keys that some item holds, with this item's values."""
    held = {keys[position] for each in wanted for position, value in enumerate(each) if value}
    if not held:
        return keys, values
    texts = tuple(value for position, value in enumerate(values) if value or keys[position] in held)
    return tuple(key for key in keys if key in held), texts


def _find(items: Sequence[Part], keys: Texts, texts: Texts) -> Part | None:
    """The first item that holds these values."""
    for item in items:
        if keys[0] == "":
            if _text(item, "") == texts[0]:
                return item
        elif item.is_mapping and all(
            item.reaches((key,)) and _word(item, key) == text for key, text in zip(keys, texts, strict=False)
        ):
            return item
    return None


def _set(items: Sequence[Part], keys: Texts, texts: Texts, value: Part | None) -> list[Part]:
    """The items with those replaced that hold these values, or with one more; without them where there is no value."""
    kept: list[Part] = []
    met = False
    for item in items:
        if item.is_null or (item.is_mapping and not item.plain()):
            continue
        if not item.is_mapping and keys[0]:
            if not texts or not texts[0]:
                raise _strange(item)
            kept.append(item)
        elif not _holds(item, keys, texts):
            if texts:
                kept.append(item)
        else:
            met = True
            if value is not None:
                kept.append(value)
    if value is not None and not met:
        kept.append(value)
    return kept


def without(items: Sequence[Part], key: str, text: str) -> list[Part]:
    """The items but those that are empty or hold this text."""
    return _set(items, (key,), (text,), None)


def _holds(item: Part, keys: Texts, texts: Texts) -> bool:
    held = False
    for position, key in enumerate(keys):
        if position < len(texts):
            text = texts[position]
            held = (_text(item, key) == text) if not key or text else item.reaches((key,))
        if not held:
            return False
    return True


def _append(found: list[Part], item: Part, keys: Texts) -> list[Part]:
    """Put an item in the place of the one of the same values, or after all others."""
    if keys[0] == "":
        return _set(found, keys, (_text(item, ""),), item)
    if not item.is_mapping and not item.is_null:
        raise _strange(item)
    texts: list[str] = []
    for key in keys:
        if not item.is_mapping or not item.reaches((key,)):
            found = [*found, item]
        else:
            texts.append(_word(item, key))
    if len(keys) > 1:
        found = _set(found, keys, tuple(texts), None)
    return _set(found, keys, tuple(texts), item)


def _strange(item: Part) -> Refused:
    return Refused(f"an item of a list that is merged is {item.plain()!s:.40}, expected a mapping", item.node)


def _word(item: Part, key: str) -> str:
    """The value of an item's key as it is written, a null too."""
    part = item.at(key) if item.peek((key,)) is None else None
    return null_word(part.node) if part is not None else _text(item, key)


def _text(item: Part, key: str) -> str:
    """The value of an item's key, or the item itself, as it is written; of a null, nothing."""
    value = item.peek((key,)) if key else item.plain()
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None or isinstance(value, dict | list) else str(value)
