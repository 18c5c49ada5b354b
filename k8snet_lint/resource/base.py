"""What every API object has, whatever its kind."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING

from k8snet_lint.cached import cached_property
from k8snet_lint.loader.kinds import CLUSTER_SCOPED
from k8snet_lint.loader.names import parent
from k8snet_lint.loader.unit import UnitKind
from k8snet_lint.placeholder import is_open
from k8snet_lint.quoting import shortened
from k8snet_lint.record import NamedTuple
from k8snet_lint.resource.retired import Retirement, retirement
from k8snet_lint.resource.served import right_spelling
from k8snet_lint.selector import labels_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from k8snet_lint.loader import Unit
    from k8snet_lint.manifest import Node
    from k8snet_lint.resource.tls_settings import WeakTLS
    from k8snet_lint.validation.fields import FieldError


_OF_ALL = frozenset({"apiVersion", "kind", "metadata"})
"""The keys that every object has."""


_ASSERTIONS = re.compile(r"(?<![A-Za-z])assert(?![A-Za-z])")
"""The word that names a file of assertions: `01-assert.yaml`, `chainsaw-step-03-assert-1.yaml`."""


NO_HOOKS: frozenset[str] = frozenset()


class ResourceName(NamedTuple):
    """Which object a finding is about; `str()` is `Kind/namespace/name`."""

    group: str
    version: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return "/".join(shortened(part) for part in (self.kind, self.namespace, self.name) if part)


class Resource:
    """An API object: where it is written, what it is called, how it is labelled.

    Shapes: `group` is empty for the core API; `namespace` is empty where none is known (a class of its own,
    not `default`) and for cluster-scoped kinds. Read-only. Subclasses give typed names to a kind's fields,
    with the API server's defaults applied on reading, never written into the document.
    """

    cluster_scoped = False

    def __init__(self, node: Node, api_version: str, kind: str, unit: Unit) -> None:
        self.node = node
        self.kind = kind
        self.unit = unit
        self.group, _, self.version = api_version.rpartition("/")
        metadata = node.value.get("metadata")
        written = metadata if isinstance(metadata, dict) else {}
        name, namespace = written.get("name"), written.get("namespace")
        self.name = name if isinstance(name, str) else _generated(written)
        scoped = self.cluster_scoped or (self.group, kind) in CLUSTER_SCOPED
        self.namespace = "" if scoped else unit.namespace_of(namespace if isinstance(namespace, str) else "")

    @cached_property
    def metadata(self) -> Node:
        return self.node["metadata"]

    @cached_property
    def spec(self) -> Node:
        return self.node["spec"]

    @cached_property
    def labels(self) -> dict[str, str]:
        return labels_of(self.metadata["labels"])

    @cached_property
    def annotations(self) -> dict[str, str]:
        return labels_of(self.metadata["annotations"])

    def annotation(self, key: str) -> Node:
        """The annotation of that key, absent or not."""
        return self.node.at("metadata", "annotations", key)

    @property
    def identity(self) -> ResourceName:
        """What the object is called in a report."""
        return ResourceName(self.group, self.version, self.kind, self.namespace, self.name)

    @property
    def name_node(self) -> Node:
        """Where the object is named: the place for a finding about the whole of it."""
        return self.node.at("metadata", "name")

    @property
    def file(self) -> str:
        """The file that it is written in, as it was given, with `/`."""
        return self.node.document.source.name

    @cached_property
    def directory(self) -> str:
        """The directory of its file, as it was given."""
        return parent(self.file)

    @property
    def written_name(self) -> str:
        """The name that its file gives it, before a build adds a prefix or a suffix."""
        if not self.name_node.related:
            return self.name
        return self.name_node.location.text.strip("'\"")

    @cached_property
    def hooks(self) -> frozenset[str]:
        """The Helm hooks that it runs at (`helm.sh/hook`), empty for an ordinary object."""
        written = self.annotations.get("helm.sh/hook")
        return frozenset(word.strip() for word in written.split(",") if word.strip()) if written else NO_HOOKS

    @property
    def is_raw(self) -> bool:
        """Whether its namespace, name and labels may still be changed by something that was not built."""
        return self.unit.kind is UnitKind.RAW

    @property
    def is_beside_templates(self) -> bool:
        """Whether its directory holds a file that waits for a template engine or a chart, and so unknown objects."""
        return bool(self.unit.templates) and self.directory in self.unit.templates

    @property
    def is_beside_unread(self) -> bool:
        """Whether its directory holds a file that could not be read."""
        return bool(self.unit.unread) and self.directory in self.unit.unread

    @property
    def may_be_patched(self) -> bool:
        """Whether what was not built would have changed values of its kind."""
        return self.unit.may_patch(self.kind)

    @property
    def is_fixed(self) -> bool:
        """Whether nothing decides its namespace any more."""
        assumed = self.unit.is_assumed and self.namespace == self.unit.namespace
        return bool(self.namespace) and not self.is_raw and not assumed and not self.awaits_namespace

    @property
    def awaits_namespace(self) -> bool:
        """Whether a variable stands for its namespace (`${NAMESPACE}`)."""
        return _is_open(self.namespace)

    @property
    def api_version(self) -> str:
        """`networking.k8s.io/v1`, or `v1` for the core API."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def retirement(self) -> Retirement | None:
        """What becomes of the API version that it is written in; None for one that stays."""
        return retirement(self.api_version, self.kind)

    @property
    def right_spelling(self) -> tuple[str, str] | None:
        """The apiVersion and kind that are meant, where no API server ever knew the pair that is written."""
        return None if self.retirement else right_spelling(self.api_version, self.kind)

    @cached_property
    def field_errors(self) -> tuple[FieldError, ...]:
        """The keys and values that the API server rejects one by one, but for those that a build may still mend."""
        from k8snet_lint.validation import errors_of  # noqa: PLC0415 - schemas are read when somebody asks

        found = errors_of(self.node, self.api_version, self.kind)
        return tuple(error for error in found if not self.is_excused(error))

    def is_excused(self, error: FieldError) -> bool:
        """Whether what is missing is not meant to be there, or may still be added by what builds the object.

        An object that has nothing but a name is one that tests expect, or that something else fills in.
        """
        if error.is_missing:
            return self.is_raw or self.is_expectation or self.node.value.keys() <= _OF_ALL
        return self.is_raw and error.at.path in (("metadata", "name"), ("metadata", "namespace"))

    def awaits_value(self, node: Node) -> bool:
        """Whether a chart's own values leave a value of it empty, and nobody says with which others it is applied."""
        if not (self.unit.awaits_values and node.present and _is_empty(node)):
            return False
        location = node.location
        return "{{" in location.source.line(location.span.start.line)

    @property
    def is_expectation(self) -> bool:
        """Whether it is what a test expects of a cluster, which nobody applies.

        It has a status and no spec, or stands in a file of assertions.
        """
        value = self.node.value
        return ("status" in value and "spec" not in value) or self.is_asserted

    @property
    def is_asserted(self) -> bool:
        """Whether its file is one of assertions, as those of kuttl and Chainsaw are called."""
        return "assert" in self.file and bool(_ASSERTIONS.search(self.file.rpartition("/")[2]))

    def is_applied_with(self, other: Resource) -> bool:
        """Whether one file or one build holds both; files side by side may be alternatives."""
        return self.file == other.file or (self.unit is other.unit and self.unit.kind is UnitKind.BUILT)

    def is_beside(self, other: Resource) -> bool:
        """Whether one directory or one build holds both, so that they are meant for one cluster."""
        return self.directory == other.directory or self.is_applied_with(other)

    @cached_property
    def is_generated(self) -> bool:
        """Whether a controller wrote it, so that its style is nobody's choice."""
        return (
            bool(self.metadata["ownerReferences"])
            or "gateway.networking.k8s.io/gateway-name" in self.labels
            or "endpointslice.kubernetes.io/managed-by" in self.labels
            or "endpoints.kubernetes.io/last-change-trigger-time" in self.annotations
            or self._is_of_api_server
        )

    @property
    def _is_of_api_server(self) -> bool:
        """Whether it is what leads to the API server, which that writes itself."""
        return (self.namespace, self.name) == ("default", "kubernetes") and self.kind in ("Service", "Endpoints")

    @property
    def weak_tls(self) -> Iterator[WeakTLS]:
        """Its settings that permit TLS older than 1.2, or ciphers that are none any more."""
        from k8snet_lint.resource.tls_settings import weak_tls  # noqa: PLC0415 - for the one rule that asks

        return weak_tls(self)

    def is_among(self, patterns: Iterable[str]) -> bool:
        """Whether one of the patterns means it: `namespace/name`, or a name for any namespace; `*` in either."""
        full = f"{self.namespace}/{self.name}"
        return any(fnmatchcase(full if "/" in pattern else self.name, pattern) for pattern in patterns)

    def __str__(self) -> str:
        return "/".join(shortened(part) for part in (self.kind, self.namespace, self.name) if part)

    def __repr__(self) -> str:
        return f"<{self}>"


@lru_cache(maxsize=4096)
def _is_open(namespace: str) -> bool:
    """Whether it holds a variable; many objects have few namespaces."""
    return is_open(namespace)


def _is_empty(node: Node) -> bool:
    """Whether nothing is written there, nor within."""
    return not node or (node.is_mapping and all(_is_empty(child) for _, child in node.items()))


def _generated(metadata: dict[str, object]) -> str:
    """`metadata.generateName` and a star: the API server completes it."""
    prefix = metadata.get("generateName")
    return f"{prefix}*" if isinstance(prefix, str) else ""
