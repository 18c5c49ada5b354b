"""Strategic merge: a patch that looks like the object, with lists merged by the keys of their items.

The semantics are those of kustomize (kyaml `merge2`), which differ from the API server's in places: items of a patch
go before the others, and a null in an added mapping leaves no trace.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.kustomize import list_merge
from k8snet_lint.kustomize.flaw import Refused
from k8snet_lint.kustomize.list_keys import Shape
from k8snet_lint.kustomize.part import Part
from k8snet_lint.kustomize.words import as_text, is_quoted, null_word

if TYPE_CHECKING:
    from typing import Any

    from k8snet_lint.kustomize.draft import Draft

DIRECTIVE = "$patch"
MAX_LOOKED_AT = 200


def apply(draft: Draft, patch: Part, shape: Shape | None) -> bool:
    """Merge a patch into an object of this shape; false where it deletes it. Raises Refused where the two do not fit.

    A patch that is to replace the whole object changes nothing: kustomize drops what comes of it.
    """
    merged = merge(draft.root, patch, shape)
    return merged is not None and bool(draft.root.fields)


def merge(dest: Part | None, patch: Part | None, shape: Shape | None) -> Part | None:
    """What a value becomes by a patch; None where nothing is left of it. `dest` is changed in place."""
    there, given = dest if dest is not None and not dest.is_null else None, patch
    if given is not None and given.is_null:
        given = None
    if there is not None and given is not None and _sort(there) != _sort(given):
        raise Refused(f"the patch gives {_sort(given)} where {_sort(there)} stands", given.node)
    first = there or given
    if first is None or first.is_mapping:
        return _merge_mappings(dest, patch, shape)
    if first.is_list and shape is not None and shape.keys is not None:
        return _merge_lists(dest, patch, shape)
    return _taken(dest, patch)


def _taken(dest: Part | None, patch: Part | None) -> Part | None:
    """The patch's value in the place of the other; nothing where it is null."""
    if patch is None:
        return dest
    if patch.is_null:
        return None
    if dest is None or dest is patch:
        return patch
    is_kept = patch.is_mapping or patch.is_list or not is_quoted(dest)
    taken = patch if is_kept else Part(patch.node, as_text(patch))
    taken.before = (dest.node, *dest.before, *patch.before)
    return taken


def _merge_mappings(dest: Part | None, patch: Part | None, shape: Shape | None) -> Part | None:
    result = _chosen(dest, patch)
    if result is None or not result.is_mapping:
        return result
    patched = patch.fields if patch is not None else {}
    fields = result.fields
    for key in sorted({*fields, *patched}):
        below = shape.field(key) if shape is not None else None
        given = patched.get(key)
        if given is None and not _needs_care(fields[key].plain(), below):
            continue
        value = merge(fields.get(key), given, below)
        if value is None or (value.is_null and not null_word(value.node)):
            fields.pop(key, None)
        else:
            _put(fields, key, value)
    return result


def _put(fields: dict[str, Part], key: str, value: Part) -> None:
    held = fields.setdefault(key, value)
    if held is not value:
        held.become(value)


def _chosen(dest: Part | None, patch: Part | None) -> Part | None:
    """The mapping that goes on: the one that is there, or the patch, as its directive says."""
    if dest is None or dest.is_null:
        if patch is None:
            return dest if dest is not None and null_word(dest.node) else None
        return None if patch.is_null or _directive(patch) == "delete" else patch
    if patch is None:
        return dest
    directive = "delete" if patch.is_null else _directive(patch)
    if directive == "delete":
        return None
    if directive == "replace":
        patch.before = (dest.node, *patch.before)
        return patch
    return dest


def _directive(patch: Part) -> str:
    """What a patch says of itself, which goes with being read."""
    if not patch.is_mapping or not patch.reaches((DIRECTIVE,)):
        return "merge"
    said = patch.fields.pop(DIRECTIVE)
    return _known(said)


def _known(said: Part) -> str:
    value = said.plain()
    if value not in ("merge", "replace", "delete"):
        raise Refused(f"'{DIRECTIVE}: {value!s:.40}' is no directive, expected delete, merge or replace", said.node)
    return str(value)


def _merge_lists(dest: Part | None, patch: Part | None, shape: Shape) -> Part | None:
    if dest is None or dest.is_null:
        if patch is None or patch.is_null:
            return None
        result = patch
    elif patch is None:
        result = dest
    elif patch.is_null:
        return None
    else:
        directive = _list_directive(patch)
        if directive == "delete":
            return None
        result = patch if directive == "replace" else dest
    item = Shape(shape.fields)
    sources = (result, patch)
    list_merge.merge_items(sources, shape.keys or ("",), lambda old, new: merge(old, new, item))
    return result


def _list_directive(patch: Part) -> str:
    """What a list says of itself: its first directive where that is all of its item; all like it go with being read."""
    first = next((item for item in patch.items if item.reaches((DIRECTIVE,))), None)
    if first is None or not first.is_mapping or len(first.fields) > 1:
        return "merge"
    said = _known(first.fields[DIRECTIVE])
    patch.hold(list_merge.without(patch.items, DIRECTIVE, said))
    return said


def _sort(part: Part) -> str:
    return "a mapping" if part.is_mapping else "a list" if part.is_list else "a scalar"


def _needs_care(value: Any, shape: Shape | None) -> bool:  # noqa: ANN401 - as YAML
    """Whether a value that no patch speaks of may change all the same when a patch passes.

    Nulls that are not written out go, and so do empty items and items that agree in their key; of items that are no
    mappings, kustomize refuses the merge.
    """
    if isinstance(value, dict):
        return any(_needs_care(item, shape.field(key) if shape else None) for key, item in value.items())
    if isinstance(value, list):
        if shape is None or shape.keys is None:
            return False
        seen = [item.get(shape.keys[0]) if isinstance(item, dict) else item for item in value] if shape.keys else value
        if shape.keys and not all(isinstance(item, dict) for item in value):
            return True
        if {} in value or any(value is None or seen.count(value) > 1 for value in seen[:MAX_LOOKED_AT]):
            return True
        return any(_needs_care(item, Shape(shape.fields)) for item in value)
    return value is None
