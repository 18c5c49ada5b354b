"""Ingresses and what stands beside them, as values; what a rule says of some."""

from __future__ import annotations

import json
from typing import Any

from tests.support import lint_text


def path(text: str | None = "/", *, service: str = "web", port: object = 80, kind: object = "Prefix") -> dict[str, Any]:
    key = "name" if isinstance(port, str) else "number"
    backend = {"service": {"name": service, "port": {key: port}}}
    return {"path": text, "pathType": kind, "backend": backend}


def ingress(
    *paths: dict[str, Any],
    host: str | None = "shop.example.com",
    tls: Any = None,  # noqa: ANN401 - also what is wrong
    cls: str | None = "nginx",
    annotations: dict[str, str] | None = None,
    name: str = "web",
    namespace: str | None = "shop",
    **spec: Any,  # noqa: ANN401 - whatever else
) -> dict[str, Any]:
    """An Ingress with one rule."""
    rule = {"host": host, "http": {"paths": list(paths) or [path()]}}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {"name": name, "namespace": namespace, "annotations": annotations},
        "spec": {"ingressClassName": cls, "tls": tls, "rules": [rule], **spec},
    }


def obj(kind: str, name: str, *, namespace: str | None = "shop", api: str = "v1", **fields: Any) -> dict[str, Any]:  # noqa: ANN401
    metadata = {"name": name, "namespace": namespace, "annotations": fields.pop("annotations", None)}
    return {"apiVersion": api, "kind": kind, "metadata": metadata, **fields}


def service(name: str, *ports: dict[str, Any], namespace: str = "shop", **spec: Any) -> dict[str, Any]:  # noqa: ANN401
    return obj("Service", name, namespace=namespace, spec={"ports": list(ports) or [{"port": 80}], **spec})


def ingress_class(name: str, controller: str, *, default: bool = False) -> dict[str, Any]:
    mark = {"ingressclass.kubernetes.io/is-default-class": "true"} if default else None
    return obj(
        "IngressClass",
        name,
        namespace=None,
        api="networking.k8s.io/v1",
        annotations=mark,
        spec={"controller": controller},
    )


def said(rule: str, *objects: dict[str, Any], **settings: Any) -> list[str]:  # noqa: ANN401 - fields of Config
    """What a rule says of some objects, as `severity message`."""
    text = "\n---\n".join(json.dumps(each) for each in objects)
    lines = lint_text(text, select=[rule], **settings)
    return [line.split(": ", 1)[1].replace(f"[{rule}]", "") for line in lines]
