"""Renders charts for the process that started it: a request a line on its input, a reply a line on its output.

A script of its own that needs nothing but the `helm_python` package, so that a template that loops or fills the memory
costs this process and no other.

Shapes: a request is a JSON object with `directory`, `values`, `name`, `namespace`, `kube_version`; a reply holds
`texts`, by the names that Helm gives templates, or else `error`.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

MAX_REPLY = 32 << 20
MAX_WORDS = 1 << 13
MAX_DATA = 1 << 30
MAX_ADDRESSES = 4 << 30


def main() -> None:
    """Answer requests until there are no more."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)  # what the library may print is no reply
    bound_memory()
    sys.path.append(sys.argv[1])
    for line in sys.stdin.buffer:
        replies.write(json.dumps(reply(json.loads(line))) + "\n")
        replies.flush()


def bound_memory() -> None:
    """Take what Go needs and little more, where the system knows such bounds."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    for name, most in (("RLIMIT_DATA", MAX_DATA), ("RLIMIT_AS", MAX_ADDRESSES)):
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        _, hard = resource.getrlimit(kind)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(kind, (bound, hard))
        except (OSError, ValueError):  # a system that knows the bound, and does not keep it
            continue


def reply(request: dict[str, Any]) -> dict[str, Any]:
    """What Helm makes of a chart."""
    import helm_python  # noqa: PLC0415 - found below the directory that the parent names
    from helm_python import _native  # noqa: PLC0415

    try:
        with helm_python.Chart.load(request["directory"]) as chart:
            options = {key: request[key] for key in ("name", "namespace", "kube_version")}
            # The package's own `render` does not pass the version of Kubernetes on, which the library takes.
            texts = _native.call_string(
                "helm_render",
                chart._raw(),  # noqa: SLF001
                json.dumps(request["values"]),
                json.dumps(options),
            )
            if len(texts) > MAX_REPLY:
                return {"error": f"it renders to more than {MAX_REPLY >> 20} MiB"}
            return {"texts": json.loads(texts)}
    except helm_python.HelmError as error:
        words = str(error)
        return {"error": words if len(words) < MAX_WORDS else words[: MAX_WORDS // 2] + words[-MAX_WORDS // 2 :]}


if __name__ == "__main__":
    main()
