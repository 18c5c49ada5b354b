"""What the loader's tests share: trees of files, and units in a few words."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from k8snet_lint.loader import LoadOptions, load

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snet_lint.loader import Loaded, Unit


def plant(files: Mapping[str, str]) -> None:
    """Write the files below the working directory."""
    for name, text in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")


def service(name: str, namespace: str = "", port: int = 80) -> str:
    """A Service in a line of each; the port tells contents apart."""
    where = f", namespace: {namespace}" if namespace else ""
    spec = f"{{selector: {{app: {name}}}, ports: [{{port: {port}}}]}}"
    return f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}{where}}}\nspec: {spec}\n"


def kustomization(*resources: str, **fields: str) -> str:
    """A kustomization that lists the resources."""
    lines = [f"{name}: {value}" for name, value in fields.items()]
    return "\n".join([*lines, f"resources: [{', '.join(repr(one) for one in resources)}]", ""])


def loaded(*targets: str, stdin: bytes | None = None, **options: Any) -> Loaded:  # noqa: ANN401 - LoadOptions' fields
    """What is loaded from these targets, the working directory if none is given."""
    return load(targets or ["."], LoadOptions(**options), stdin=stdin)


def names_in(unit: Unit) -> list[str]:
    """The unit's objects as `Kind/name`, without its kustomizations."""
    return [
        f"{written.kind}/{written.node.at('metadata', 'name').text}"
        for written in unit.objects
        if "kustomize" not in written.api_version
    ]


def namespaces_in(unit: Unit) -> list[str]:
    """The namespaces of the unit's objects, without its kustomizations."""
    found = {written.node.at("metadata", "namespace").text for written in unit.objects}
    return sorted(found - {""})


def units_of(result: Loaded) -> dict[str, list[str]]:
    """What each unit holds, by the unit's name."""
    return {unit.name: names_in(unit) for unit in result.units}


def worlds_of(result: Loaded) -> dict[str, set[str]]:
    """The names of each world's units, by the world's name."""
    return {world.name: {unit.name for unit in world.units} for world in result.worlds}


def skipped_in(result: Loaded) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Count and names of what was skipped, by reason."""
    return {one.reason: (one.total, one.names) for one in result.skipped}


def messages_of(result: Loaded) -> list[str]:
    """The problems, as `place: message`."""
    return [f"{problem.location}: {problem.message}" for problem in result.problems]
