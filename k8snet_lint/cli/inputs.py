"""What commands that read manifests have in common: the configuration, the loading."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from k8snet_lint.config import Config, Flags, discover, kubernetes_version, load
from k8snet_lint.loader import MAX_MEBIBYTES, LoadOptions
from k8snet_lint.loader import load as load_inputs

if TYPE_CHECKING:
    from k8snet_lint.loader import Loaded

STDIN_NAME = LoadOptions().stdin_name


def configuration(given: dict[str, Any], **flags: Any) -> Config:  # noqa: ANN401 - fields of Flags
    """The configuration in use, the flags' word on top of the file's.

    `given` are the options that `reads_manifests` declares. Raises ConfigError and UsageError.
    """
    config, version = _found(given), given["kubernetes_version"]
    return config.merged(
        Flags(
            paths=given["paths"] or None,
            exclude=given["exclude"],
            crds=given["crds"],
            namespace=given["namespace"],
            kubernetes_version=kubernetes_version(version) if version else None,
            assume_complete=given["assume_complete"],
            render=given["render"] == "auto" if given["render"] else None,
            strict_inputs=given["strict_inputs"],
            **flags,
        )
    )


def _found(given: dict[str, Any]) -> Config:
    if given["config"]:
        from pathlib import Path  # noqa: PLC0415 - most runs name none

        return load(Path(given["config"]), named=True)
    start = next((path for path in given["paths"] if path != "-"), "")
    found = None if given["no_config"] else discover(start)
    return load(found) if found else Config()


def loaded(config: Config, given: dict[str, Any]) -> Loaded:
    """What the configuration's paths hold; the working directory where it names none."""
    targets = config.paths or (".",)
    options = LoadOptions(
        exclude=config.exclude,
        directory=config.directory,
        namespace=config.namespace,
        strict_parse=given["strict_parse"],
        read_all_kinds=bool(config.rules),
        stdin_name=given["stdin_filename"] or STDIN_NAME,
        crds=config.crds,
        render=config.render,
        charts=config.charts,
        units=config.units,
        worlds=config.worlds,
        kubernetes_version=config.facts.kubernetes_version,
    )
    return load_inputs(targets, options, stdin=_stdin() if "-" in targets else None)


def _stdin() -> bytes:
    """Standard input, a byte more at the most than the loader reads; nothing where it is closed."""
    return sys.stdin.buffer.read(MAX_MEBIBYTES * 1024 * 1024 + 1) if sys.stdin is not None else b""
