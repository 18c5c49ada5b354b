"""A synthetic repository of applications as Kustomize bases, each with an overlay for every environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks import templates

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Overlays:
    """What to generate.

    Shapes: `apps` of them, each with an overlay for each of the `environments`, which are alternatives; `shared` are
    further applications, which every environment has; where they are `routed`, a Gateway leads to each of them.
    """

    apps: int = 200
    shared: int = 20
    environments: int = 3
    routed: bool = False

    def write(self, directory: Path) -> int:
        """Write the repository below a directory; gives back how many bytes it weighs."""
        weight = 0
        for number in range(self.apps):
            for name, text in _application(number, self.environments).items():
                weight += _written(directory / "apps" / f"app-{number:04}" / name, text)
        for number in range(self.shared):
            app = _app(f"shared-{number:04}", "platform")
            text = _manifests(app, number) + (f"---\n{templates.route(app, 'edge')}" if self.routed else "")
            weight += _written(directory / "platform" / f"{app.name}.yaml", text)
        if self.routed:
            weight += _written(directory / "edge" / "gateway.yaml", templates.gateway("edge"))
        return weight


def _application(number: int, environments: int) -> dict[str, str]:
    """An application's files: a base, and per environment a patch of a port and of the replicas."""
    app = _app(f"app-{number:04}", f"team-{number // 20:03}")
    files = {
        "base/kustomization.yaml": "resources:\n  - all.yaml\n",
        "base/all.yaml": _manifests(app, number),
    }
    for rank in range(1, environments + 1):
        environment = f"env-{rank:02}"
        files[f"overlays/{environment}/kustomization.yaml"] = (
            "resources:\n  - ../../base\n"
            f"namespace: {app.namespace}\n"
            f"labels:\n  - pairs:\n      environment: {environment}\n    includeSelectors: true\n"
            f"replicas:\n  - name: {app.name}\n    count: {rank}\n"
            "patches:\n  - path: service.yaml\n"
        )
        files[f"overlays/{environment}/service.yaml"] = (
            f"apiVersion: v1\nkind: Service\nmetadata:\n  name: {app.name}\n  namespace: {app.namespace}\n"
            f"spec:\n  ports:\n    - port: 80\n      name: http\n      targetPort: http\n    - port: {9100 + rank}\n"
            "      name: metrics\n      targetPort: metrics\n"
        )
    return files


def _app(name: str, namespace: str) -> templates.App:
    return templates.App(name, namespace, port=8080, replicas=1, release="1.0", defective=False)


def _manifests(app: templates.App, number: int) -> str:
    return "---\n".join(templates.documents(app, number))


def _written(path: Path, text: str) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.write_bytes(text.encode())
