"""Reports made by hand, for the tests of what renders them."""

from __future__ import annotations

from hypothesis import strategies as st

from k8snet_lint.declare import Evidence, Preset, Rule, Severity
from k8snet_lint.errors import Unread
from k8snet_lint.report import Crash, Finding, Related, Report, ResourceName, Scanned, Skipped, Suppressed
from k8snet_lint.source import Location, Position, Source, Span

WEB = Source(
    "deploy/web.yaml",
    """\
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  selector: {app: web}
  type: NodePort
  ports:
    - port: 80
      targetPort: 8080
""",
)
PODS = Source("deploy/pods.yaml", "a: 1\n" * 99 + "        - containerPort: 80\n")
SERVICE = ResourceName("", "v1", "Service", "shop", "web")
DEPLOYMENT = ResourceName("apps", "v1", "Deployment", "shop", "web")

PAGE = """Service opens a port on every node.

A `NodePort` Service listens on the same port of every node, so its traffic
skips the TLS and the access rules.

Publish through an Ingress.

Bad:

```yaml
kind: Service
```
"""


def place(source: Source, line: int, column: int, end_column: int, end_line: int = 0) -> Location:
    """On one line, unless another one is named for the end."""
    return Location(source, Span(Position(line, column), Position(end_line or line, end_column)))


NODE_PORT = Finding(
    rule="service-node-port",
    severity=Severity.WARNING,
    message="Service/shop/web opens a port on every node",
    help="use type ClusterIP behind an Ingress or a Gateway",
    resource=SERVICE,
    location=place(WEB, 8, 9, 17),
    path="/spec/type",
    fingerprint="0123456789abcdef",
)
TARGET_PORT = Finding(
    rule="service-target-port-unknown",
    severity=Severity.ERROR,
    message="Service/shop/web forwards to port 8080, which its pods do not declare",
    help="",
    resource=SERVICE,
    location=place(WEB, 11, 19, 23),
    path="/spec/ports/0/targetPort",
    related=(Related(place(PODS, 100, 11, 28), "Deployment/shop/web declares 80"),),
    fingerprint="fedcba9876543210",
)
CHAINED = Finding(
    rule="exposed-workload-not-isolated",
    severity=Severity.WARNING,
    message="Deployment/shop/web is open to the Internet",
    help="",
    resource=DEPLOYMENT,
    location=place(PODS, 100, 11, 28),
    path="/spec",
    chain=(
        Related(place(WEB, 8, 9, 17), "Service/shop/web opens it on every node"),
        Related(place(PODS, 100, 11, 28), "no policy limits its connections"),
    ),
)
SUPPRESSED = Finding(
    rule="service-node-port",
    severity=Severity.WARNING,
    message="Service/shop/web opens a port on every node",
    help="",
    resource=SERVICE,
    location=place(WEB, 8, 9, 17),
    path="/spec/type",
    suppressed=Suppressed("inline", "a legacy client", "deploy/web.yaml:7:3"),
)
UNREAD = Unread("deploy/broken.yaml", "the quote is never closed", "close it", 3, 4)
CRASH = Crash("policy-open-cidr", "rules/policy/policy_open_cidr.py:31", "ValueError: no prefix")
SCANNED = Scanned(
    files=14,
    documents=60,
    objects={"Service": 12, "Deployment": 40},
    namespaces=("shop", "web"),
    skipped=(
        Skipped("Helm template", 2, ("chart/a.yaml", "chart/b.yaml")),
        Skipped("no manifest", 3, ("x.yaml", "y.yaml", "z.yaml")),
    ),
    unresolved=4,
    units=("base", "overlays/dev", "overlays/prod", "tools"),
    worlds=("dev", "prod"),
    raw=("remote: it lists a remote resource",),
    unbuilt=("chart",),
    config=".k8snet-lint.yaml",
)
EVERYTHING = Report(
    findings=(TARGET_PORT, NODE_PORT, SUPPRESSED),
    unread=(UNREAD,),
    crashed=(CRASH,),
    scanned=SCANNED,
)


def rule(
    rule_id: str = "service-node-port",
    *,
    docs: str = PAGE,
    file: str = "/home/me/rules/service/service_node_port.py",
    presets: tuple[Preset, ...] = (Preset.STRICT, Preset.SECURITY),
    evidence: Evidence = Evidence.LOCAL,
    references: tuple[str, ...] = (),
    severity: Severity = Severity.WARNING,
) -> Rule:
    """A rule without a check."""
    return Rule(
        id=rule_id,
        subject="service",
        docs=docs,
        file=file,
        severity=severity,
        severities=(severity,),
        evidence=evidence,
        presets=frozenset(presets),
        since="0.1",
        check=None,
        references=references,
    )


def _location(text: str, name: str, line: int, column: int, length: int) -> Location:
    return place(Source(name, text), line, column, column + length)


anything = st.text(st.characters(), max_size=30)
locations = st.builds(
    _location,
    anything,
    anything.filter(bool),
    st.integers(1, 3),
    st.integers(1, 40),
    st.integers(0, 40),
)
findings = st.builds(
    Finding,
    rule=st.just("service-node-port"),
    severity=st.sampled_from(Severity),
    message=anything.filter(bool),
    help=anything,
    resource=st.none() | st.builds(ResourceName, anything, anything, anything, anything, anything),
    location=locations,
    path=st.just("/spec"),
    related=st.lists(st.builds(Related, locations, anything), max_size=4).map(tuple),
    fingerprint=anything,
    units=st.lists(anything, max_size=5).map(tuple),
    absence=st.booleans(),
    suppressed=st.none() | st.builds(Suppressed, st.just("annotation"), anything, anything),
    chain=st.lists(st.builds(Related, locations, anything), max_size=1).map(tuple),
)
hostile_reports = st.builds(
    Report,
    findings=st.lists(findings, max_size=3).map(tuple),
    unread=st.lists(st.builds(Unread, anything, anything, anything, st.just(1), st.just(1)), max_size=2).map(tuple),
    crashed=st.lists(st.builds(Crash, st.just("some-rule"), anything, anything), max_size=2).map(tuple),
    scanned=st.builds(
        Scanned,
        objects=st.dictionaries(anything, st.integers(0, 9), max_size=3),
        namespaces=st.lists(anything, max_size=5).map(tuple),
        skipped=st.lists(st.builds(Skipped, anything, st.integers(0, 9), st.tuples(anything)), max_size=2).map(tuple),
        units=st.lists(anything, max_size=3).map(tuple),
        raw=st.lists(anything, max_size=3).map(tuple),
        config=anything,
    ),
)
"""Reports whose every text is whatever a manifest may hold: control characters, halves of characters, anything."""
