"""Small manifests of one namespace, `shop`, and what one rule says on them."""

from __future__ import annotations

from typing import Any

from tests.support import lint_text

DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: shop}}
spec:
  selector: {{matchLabels: {labels}}}
  template:
    metadata: {{labels: {labels}}}
    spec: {{containers: [{{name: {name}, image: example/{name}{more}}}]{spec}}}
"""


def deployment(name: str = "web", labels: str = "{app: web}", more: str = "", spec: str = "") -> str:
    """A Deployment; `more` is what else its container says, `spec` what else its pods do, in flow style."""
    joined = {"more": f", {more}" if more else "", "spec": f", {spec}" if spec else ""}
    return DEPLOYMENT.format(name=name, labels=labels, **joined)


def service(spec: str, name: str = "web", metadata: str = "") -> str:
    """A Service, its spec in flow style on the fourth line."""
    more = f", {metadata}" if metadata else ""
    return f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: shop{more}}}\nspec: {{{spec}}}\n"


def rule_lines(rule: str, *documents: str, **settings: Any) -> list[str]:  # noqa: ANN401 - fields of Config
    """What one rule says on some documents, as `line:column: severity[rule] message`."""
    return lint_text("\n---\n".join(documents), select=[rule], **settings)


def said(rule: str, *documents: str, **settings: Any) -> list[str]:  # noqa: ANN401 - fields of Config
    """What one rule says on some documents, as `severity message`."""
    lines = rule_lines(rule, *documents, **settings)
    return [line.partition(": ")[2].replace(f"[{rule}]", "") for line in lines]
