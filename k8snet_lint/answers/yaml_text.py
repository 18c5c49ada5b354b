"""Values of manifests and places within them, as a reader of YAML writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from k8snet_lint.manifest import Node

LONGEST = 100


class _Dumper(yaml.SafeDumper):
    """Writes every value out, with lists indented below their key."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - as above
        super().increase_indent(flow, indentless=False)


def yaml_lines(value: object) -> list[str]:
    """A value in block style."""
    written: str = yaml.dump(value, Dumper=_Dumper, sort_keys=False, default_flow_style=False)
    return written.rstrip("\n").split("\n")


def flow(value: object) -> str:
    """A value on one line, cut where it is long."""
    written: str = yaml.dump(value, Dumper=_Dumper, sort_keys=False, default_flow_style=True, width=100_000)
    line = written.removesuffix("\n...\n").strip().replace("\n", " ")
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def path_text(node: Node) -> str:
    """Where a value stands in its object: `spec.ingress[0].ports`."""
    path = node.path
    tops = [place for place, key in enumerate(path) if key in ("spec", "metadata")]
    keys = path[tops[0] :] if tops else path
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).removeprefix(".")
