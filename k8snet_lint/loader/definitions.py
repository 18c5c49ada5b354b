"""The CustomResourceDefinitions of the kinds that objects are of; the others, most of a tree's weight, stay unread."""

from __future__ import annotations

import os
from itertools import islice
from typing import TYPE_CHECKING

from k8snet_lint.errors import UsageError
from k8snet_lint.expression import expression
from k8snet_lint.loader.kinds import DEFINITION, group_of
from k8snet_lint.loader.names import above, parent
from k8snet_lint.manifest import InputProblem, decode, parse, parse_passed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from k8snet_lint.loader.reader import Text
    from k8snet_lint.loader.unit import Unit
    from k8snet_lint.manifest import Node, Passed
    from k8snet_lint.source import Source

    Kinds = Mapping[str, Collection[str]]

EVERYWHERE = ""
"""The directory that everything lies in."""

FIRST = 5
"""The group stands near the start; what follows may be a schema of a million letters."""

TEST_DATA = frozenset({"testdata", "fixtures"})
"""How directories are called whose files are data of tests."""

SUFFIXES = (".yaml", ".yml", ".json")

_GROUP = expression(r"""group["']?:[ ]*["']?([\w.-]+)""")
_KIND = expression(r"""kind["']?:[ ]*["']?(\w+)""")


def definitions(texts: Iterable[Text], units: Sequence[Unit], given: Sequence[str]) -> tuple[Node, ...]:
    """The definitions among what was read and in the `given` files and directories, those of unused kinds left out.

    What lies among data of tests, which may be an old copy or cut short, counts where such objects lie with it.
    Raises UsageError for a given path that cannot be read.
    """
    held = [text for text in texts if text.definitions or text.held.unjudged]
    if not held and not given:
        return ()
    tests = {text.file.name: directory for text in held if _is_test(directory := parent(text.file.name))}
    kinds = _kinds(units, {EVERYWHERE, *tests.values()})
    found: list[Node] = []
    for text in held:
        found += _of_text(text, kinds[tests.get(text.file.name, EVERYWHERE)])
    for path in given:
        for name in _files(path):
            found += _of_file(name, kinds[EVERYWHERE])
    return tuple(found)


def _is_test(directory: str) -> bool:
    return not TEST_DATA.isdisjoint(directory.split("/"))


def _kinds(units: Iterable[Unit], directories: Iterable[str]) -> Mapping[str, Kinds]:
    """The groups of all objects below each of some directories, with their kinds."""
    found: dict[str, dict[str, set[str]]] = {directory: {} for directory in directories}
    for one in (one for unit in units for one in unit.objects):
        group = group_of(one.api_version)
        for directory in (EVERYWHERE, *above(one.node.document.source.name)) if len(found) > 1 else (EVERYWHERE,):
            if directory in found:
                found[directory].setdefault(group, set()).add(one.kind)
    return found


def _of_text(text: Text, kinds: Kinds) -> Iterator[Node]:
    if text.source is not None:
        yield from _parsed(text.source, text.definitions, kinds)
    for one in text.held.unjudged:
        if (group_of(one.api_version), one.kind) == DEFINITION and _defines(one.node, kinds):
            yield one.node


def _of_file(name: str, kinds: Kinds) -> Iterator[Node]:
    try:
        with open(name, "rb") as file:
            source = decode(name.replace(os.sep, "/"), file.read())
    except OSError as error:
        raise UsageError(f"the definitions in '{name}' cannot be read: {error.strerror}") from error
    if isinstance(source, InputProblem):
        raise UsageError(f"{source.location}: {source.message}", help=source.help)
    parsed = parse(source, wanted=lambda *_: False)
    yield from _parsed(source, [one for one in parsed.passed if one[:2] == DEFINITION], kinds)
    yield from (document.root for document in parsed.documents if _defines(document.root, kinds))


def _parsed(source: Source, passed: Iterable[Passed], kinds: Kinds) -> Iterator[Node]:
    """Those that may define one of the kinds, which their text tells before it is parsed."""
    for one in passed:
        within = (source.text, max(one.start, 0), one.end)
        groups = {match[1] for match in islice(_GROUP.finditer(*within), FIRST)}
        wanted = [kinds[group] for group in groups if group in kinds]
        if wanted and any(kind in known for kind in _KIND.findall(*within) for known in wanted):
            yield from (each.root for each in parse_passed(source, one).documents if _defines(each.root, kinds))


def _defines(root: Node, kinds: Kinds) -> bool:
    spec = root["spec"]
    wanted = kinds.get(spec["group"].text, ())
    return root["kind"].text == DEFINITION[1] and spec.at("names", "kind").text in wanted


def _files(path: str) -> Iterator[str]:
    """The file, or those below the directory, in an order of their own."""
    if not os.path.isdir(path):
        yield path
        return
    for directory, below, names in os.walk(path):
        below.sort()
        yield from (os.path.join(directory, name) for name in sorted(names) if name.endswith(SUFFIXES))
