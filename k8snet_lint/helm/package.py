"""The Python package of the extra, as a renderer."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from k8snet_lint.helm.renderer import MEMORY, RenderError, StoppedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snet_lint.helm.renderer import Request


CHECK = "k8snet-lint-kube-version.yaml"
_REFUSED = "chart requires kubeVersion: "
_CHECKING = """\
{{- $there := .Capabilities.KubeVersion.Version }}
{{- with .Chart.KubeVersion }}
{{- if not (semverCompare . $there) }}
{{- fail (printf "chart requires kubeVersion: %s which is incompatible with Kubernetes %s" . $there) }}
{{- end }}
{{- end }}
"""


class Package:
    """`helm_python` in a process of its own, which is ended when it takes too long, and started again for the next.

    It is given one template more, which fails where the chart is for other versions of Kubernetes: `helm` refuses such
    a chart before it renders any, and the library behind the package does not ask.
    """

    def __init__(self, directory: str, seconds: float) -> None:
        self._directory = directory
        self.seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def render(self, request: Request) -> Mapping[str, str]:
        """As the protocol says."""
        request.add_template(CHECK, _CHECKING)
        process = self._process = self._process or self._started()
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self.seconds, end)
        timer.start()
        try:
            line = self._asked(process, request)
        finally:
            timer.cancel()
        if not line:
            self.close()
            raise StoppedError(f"it took longer than {self.seconds:g} seconds" if late.is_set() else MEMORY)
        if late.is_set():
            self.close()
        reply = json.loads(line)
        if "error" in reply:
            raise RenderError(_said(reply["error"]))
        texts: dict[str, str] = reply["texts"]
        return {name: text for name, text in texts.items() if not name.endswith(f"/{CHECK}")}

    def close(self) -> None:
        """As the protocol says."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _asked(self, process: subprocess.Popen[bytes], request: Request) -> bytes:
        """The reply to a request; nothing where the process ended over it."""
        assert process.stdin is not None  # noqa: S101 - both are pipes, as started
        assert process.stdout is not None  # noqa: S101
        written = {
            "directory": request.directory,
            "values": dict(request.values),
            "name": request.release,
            "namespace": request.namespace,
            "kube_version": request.version,
        }
        with contextlib.suppress(BrokenPipeError, OSError):
            process.stdin.write(json.dumps(written).encode() + b"\n")
            process.stdin.flush()
            return process.stdout.readline()
        return b""

    def _started(self) -> subprocess.Popen[bytes]:
        worker = str(Path(__file__).with_name("worker.py"))
        return subprocess.Popen(  # noqa: S603 - our own script
            [sys.executable, "-P", worker, self._directory],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )


def _said(error: str) -> str:
    """What went wrong, in the words of `helm` where it is the version of Kubernetes."""
    at = error.find(_REFUSED) if CHECK in error else -1
    return error[at:] if at >= 0 else error
