"""The program `helm`, as a renderer."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from k8snet_lint.helm.renderer import MEMORY, RenderError, StoppedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from k8snet_lint.helm.renderer import Request

MAX_OUTPUT = 32 << 20
MAX_WORDS = 1 << 13
MAX_ADDRESSES = 4 << 30
NO_YAML = "k8snet-lint-no-yaml.yaml"
_DEBUGGED = re.compile(r"^(?:\w+\.go:\d+: |level=DEBUG ).*", re.MULTILINE)
_SOURCE = re.compile(r"^---\n# Source: (.+)\n", re.MULTILINE)


class Program:
    """The program `helm`, without plugins, configuration or caches of the user's.

    It is given one template more, which is no YAML: with that, it prints what the others render to as it is, and does
    not refuse all of them for one, nor sort and cut what is in them.
    """

    def __init__(self, path: str, seconds: float) -> None:
        self._path = path
        self.seconds = seconds

    def render(self, request: Request) -> Mapping[str, str]:
        """As the protocol says."""
        with tempfile.TemporaryDirectory(prefix="k8snet-lint-") as home:
            try:
                values = Path(home, "values.json")
                values.write_text(json.dumps(dict(request.values)), encoding="utf-8")
                request.add_template(NO_YAML, "[")
                words = [self._path, "template", request.release, request.directory, "--values", str(values)]
                words += ["--namespace", request.namespace, "--kube-version", request.version, "--debug", "--no-hooks"]
                out, error = self._run(words, home)
            except OSError as failed:
                raise RenderError(f"{self._path} cannot be run: {failed.strerror}") from failed
        texts = _by_source(out, request)
        if not any(name.endswith(f"/{NO_YAML}") for name in texts):
            raise StoppedError(MEMORY) if "out of memory" in error else RenderError(_said(error))
        return {name: text for name, text in texts.items() if request.is_template(name)}

    def close(self) -> None:
        """As the protocol says: each run ends by itself."""

    def _run(self, words: list[str], home: str) -> tuple[str, str]:
        """What is written, to files, so that only so much of it is ever held."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("HELM_", "KUBE"))}
        environment |= {f"HELM_{part}_HOME": home for part in ("CONFIG", "CACHE", "DATA")}
        environment |= {"HELM_PLUGINS": home, "KUBECONFIG": os.devnull}
        with Path(home, "out").open("w+b") as out, Path(home, "error").open("w+b") as error:
            process = subprocess.Popen(  # noqa: S603 - the user's own helm
                words, stdin=subprocess.DEVNULL, stdout=out, stderr=error, env=environment
            )
            _bound(process.pid)
            try:
                process.wait(self.seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise StoppedError(f"it took longer than {self.seconds:g} seconds") from None
            if out.tell() > MAX_OUTPUT:
                raise RenderError(f"it renders to more than {MAX_OUTPUT >> 20} MiB")
            out.seek(0)
            error.seek(0)
            return out.read().decode(errors="replace"), error.read(1 << 16).decode(errors="replace")


def _bound(process: int) -> None:
    """Bound the memory of a process, and what it writes, where the system can do that from outside: on Linux."""
    try:
        from resource import RLIMIT_AS, RLIMIT_FSIZE, prlimit  # noqa: PLC0415 - not on Windows, nor on macOS
    except ImportError:
        return
    with contextlib.suppress(OSError, ValueError):  # it ended already, or is bounded more tightly
        prlimit(process, RLIMIT_AS, (MAX_ADDRESSES, MAX_ADDRESSES))
        prlimit(process, RLIMIT_FSIZE, (MAX_OUTPUT + 1, MAX_OUTPUT + 1))


def _said(error: str) -> str:
    """What `helm` says went wrong, without what it tells before and after that."""
    before, found, after = f"\n{error}".partition("\nError: ")
    words = _DEBUGGED.split(after, maxsplit=1)[0] if found else _DEBUGGED.sub("", before)
    return words[:MAX_WORDS].strip() or "helm does not say what its templates render to"


def _by_source(out: str, request: Request) -> dict[str, str]:
    """What `helm template` prints, by the template that it names before it.

    A template may hold what another chart once rendered to, with names that this one has not.
    """
    found = _SOURCE.finditer(out)
    starts = [each for each in found if request.is_template(each.group(1)) or each.group(1).endswith(f"/{NO_YAML}")]
    bounds = [*(each.start() for each in starts), len(out)]
    texts: dict[str, str] = {}
    for start, end in zip(starts, bounds[1:], strict=True):
        name = start.group(1)
        if name in texts:
            raise RenderError(f"a template writes `# Source: {name}`, as `helm` does before another")
        texts[name] = out[start.end() : end]
    return texts
