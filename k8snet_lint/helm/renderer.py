"""What renders charts: what it is asked, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MEMORY = "it took more memory than it may"


class RenderError(Exception):
    """Why Helm did not render a chart, in Helm's words or ours."""


class StoppedError(RenderError):
    """A chart took more time or memory than it may: trying again would take as much."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a chart is rendered with.

    Shapes: `directory` holds it, for the renderer alone; `is_template` knows the names that Helm gives its templates;
    `kubernetes` is (major, minor).
    """

    directory: str
    is_template: Callable[[str], object]
    values: Mapping[str, Any]
    release: str
    namespace: str
    kubernetes: tuple[int, int]

    @property
    def version(self) -> str:
        return f"v{self.kubernetes[0]}.{self.kubernetes[1]}.0"

    def add_template(self, name: str, text: str) -> None:
        """Put one template more among the chart's."""
        path = Path(self.directory, "templates", name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


class Renderer(Protocol):
    """Renders charts, each within so many seconds."""

    @property
    def seconds(self) -> float: ...

    def render(self, request: Request) -> Mapping[str, str]:
        """The rendered texts by the names that Helm gives templates. Raises RenderError and StoppedError."""

    def close(self) -> None:
        """End what was started."""
