"""What a run looked at, in a few lines beside the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.reporters.plain import plain
from k8snet_lint.reporters.wording import listed, plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.report import Report, Scanned, Skipped

SHORT = 3  # more names than these are counted, unless verbose


def scope_lines(report: Report, *, verbose: bool = False) -> list[str]:
    """Objects, namespaces, references that lead outside and the configuration; below, what there is of the rest.

    Verbose lines count every kind and name everything that was skipped, grouped or not built.
    """
    scanned = report.scanned
    lines = [f"scope: {_reach(scanned, verbose=verbose)}"]
    if verbose and scanned.objects:
        kinds = sorted(scanned.objects.items(), key=lambda item: (-item[1], item[0]))
        lines.append(f"objects: {', '.join(f'{count:,} {plain(kind)}' for kind, count in kinds)}")
    lines += _skipped(scanned.skipped, verbose=verbose)
    if len(scanned.units) > 1:
        worlds = f" in {_named('world', scanned.worlds, verbose=verbose)}" if len(scanned.worlds) > 1 else ""
        lines.append(f"applied: {_named('unit', scanned.units, verbose=verbose)}{worlds}")
    if scanned.raw:  # charts that were not built are among the skipped inputs
        lines.append(f"not built: {_named('unit', scanned.raw, verbose=verbose)}")
    lines += [f"configuration: {plain(notice)}" for notice in scanned.notices]
    return lines


def gap_lines(skipped: Iterable[Skipped], raw: tuple[str, ...], notices: Iterable[str]) -> list[str]:
    """What was not analysed though it may hold something to judge, a line each; nothing where all was.

    Shapes: `raw` are the units that were not built, each with why.
    """
    lines = [*_skipped(tuple(each for each in skipped if each.is_gap), verbose=True)]
    if raw:
        lines.append(f"not built: {_named('unit', raw, verbose=True)}")
    lines += [f"configuration: {plain(notice)}" for notice in notices]
    return lines


def _reach(scanned: Scanned, *, verbose: bool) -> str:
    objects = plural(sum((scanned.objects or {}).values()), "object")
    namespaces = _named("namespace", scanned.namespaces, verbose=verbose)
    outside = f"{plural(scanned.unresolved, 'reference')} {'leads' if scanned.unresolved == 1 else 'lead'} outside"
    config = f"configuration {plain(scanned.config)}" if scanned.config else "no configuration file"
    return f"{objects} in {namespaces}; {outside}; {config}"


def _skipped(skipped: tuple[Skipped, ...], *, verbose: bool) -> Iterator[str]:
    """One line for all that was skipped; verbose, one a reason."""
    worst = sorted(skipped, key=lambda item: (-item.total, item.reason))
    if verbose:
        yield from (f"skipped: {_reason(item)}: {listed(item.names, len(item.names))}" for item in worst)
    elif worst:
        yield f"skipped: {', '.join(_reason(item) for item in worst)}"


def _reason(skipped: Skipped) -> str:
    return f"{plain(skipped.reason)} ({skipped.total:,})"


def _named(noun: str, names: tuple[str, ...], *, verbose: bool) -> str:
    """How many there are, and which if they are few."""
    which = f" ({listed(names, len(names))})" if names and (verbose or len(names) <= SHORT) else ""
    return f"{plural(len(names), noun)}{which}"
