"""What is said of inputs that something builds: accepted findings of built objects, and what was not built."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.charts import helm, planted
from tests.support import run
from tests.trees import kustomization, plant

if TYPE_CHECKING:
    from collections.abc import Sequence

SERVICE = """
    apiVersion: v1
    kind: Service
    metadata: {name: web, namespace: shop%s}
    spec: {selector: {app: web}, ports: [{port: 80}]}
    """
PATCH = """
    apiVersion: v1
    kind: Service
    metadata: {name: web, namespace: shop%s}
    spec: {type: NodePort, sessionAffinity: %s}
    """
ACCEPTED = ', annotations: {k8snet-lint.io/ignore: "service-node-port: until spring"}'
OPENS = "warning[service-node-port] Service/shop/web opens a port on every node"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".git").mkdir()


def overlays(base: str, dev: str, prod: str) -> None:
    """A base and two overlays that open a node port; each text goes into the metadata of its file."""
    plant({"base/kustomization.yaml": kustomization("web.yaml"), "base/web.yaml": SERVICE % base})
    for name, text in (("dev", dev), ("prod", prod)):
        plant(
            {
                f"overlays/{name}/kustomization.yaml": kustomization("../../base", patches="[{path: patch.yaml}]"),
                f"overlays/{name}/patch.yaml": PATCH % (text, name),
            }
        )


def accepted() -> int:
    """How many findings are accepted, where none is left."""
    report = json.loads(run("check", ".", "-f", "json", "-q", "--select", "service-node-port").out)
    assert all(finding["suppressed"] for finding in report["findings"])
    return len(report["findings"])


def check(*arguments: str, select: Sequence[str] = ("service-node-port", "unused-suppression")) -> list[str]:
    chosen = [word for rule in select for word in ("--select", rule)]
    return run("check", ".", "-f", "concise", "-q", *chosen, *arguments).out.splitlines()


def test_an_annotation_accepts_what_a_patch_of_the_object_does() -> None:
    overlays(ACCEPTED, "", "")
    assert check() == ["no findings"]
    assert accepted() == 2


def test_an_annotation_of_one_overlay_accepts_nothing_of_the_other() -> None:
    overlays("", ACCEPTED, "")
    assert check() == [f"overlays/prod/patch.yaml:4:14: {OPENS}"]


def test_what_both_overlays_show_is_accepted_where_both_say_so() -> None:
    files = {"base/web.yaml": (SERVICE % "").replace("{selector", "{type: NodePort, selector")}
    overlays("", ACCEPTED, "")
    plant(
        {
            **files,
            **{
                f"overlays/{name}/patch.yaml": PATCH.replace("type: NodePort, ", "") % (text, name)
                for name, text in (("dev", ACCEPTED), ("prod", ""))
            },
        }
    )
    assert check()[0] == f"base/web.yaml:4:14: {OPENS}"
    plant({"overlays/prod/patch.yaml": PATCH.replace("type: NodePort, ", "") % (ACCEPTED, "prod")})
    assert check() == ["no findings"]
    assert accepted() == 1


def test_a_comment_in_what_a_template_includes_accepts_its_line() -> None:
    helm().close()
    plant(
        {
            "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
            "c/templates/_spec.tpl": """
                {{- define "spec" }}
                type: NodePort # k8snet-lint: ignore[service-node-port] the edge
                selector: {app: web}
                ports: [{port: 80}]
                {{- end }}
                """,
            "c/templates/web.yaml": """
                apiVersion: v1
                kind: Service
                metadata: {name: web}
                spec:
                  {{- include "spec" . | nindent 2 }}
                """,
        }
    )
    assert check() == ["no findings"]
    assert accepted() == 1


def test_a_strict_run_says_what_was_not_built() -> None:
    helm().close()
    planted("depends")
    plant({"app/kustomization.yaml": kustomization("web.yaml", helmCharts="[{name: x}]"), "app/web.yaml": SERVICE % ""})
    why = "was not built, so that much of it is not judged"
    found = "\n".join(check(select=["skipped-input"]))
    assert f"app/kustomization.yaml:1:1: note[skipped-input] app {why}: helmCharts not applied" in found
    assert f"service.yaml:1:1: note[skipped-input] charts/depends {why}: its dependency database" in found
    unrendered = "charts/depends was not rendered, so that nothing of it is judged: rendering is turned off"
    found = "\n".join(check("--render", "never", select=["skipped-input"]))
    assert f"charts/depends/Chart.yaml:1:1: note[skipped-input] {unrendered}" in found


def test_what_was_not_built_is_told_of_at_its_own_kustomization() -> None:
    plant(
        {
            "base/kustomization.yaml": kustomization("web.yaml"),
            "base/web.yaml": SERVICE % "",
            "dev/kustomization.yaml": kustomization("../base", "gone.yaml"),
            "prod/kustomization.yaml": kustomization("../base", "lost.yaml"),
        }
    )
    found = [line for line in check(select=["skipped-input"]) if "[skipped-input]" in line]
    assert [line.partition(":")[0] for line in found] == ["dev/kustomization.yaml", "prod/kustomization.yaml"]


def test_programs_are_told_that_there_was_nothing() -> None:
    ran = run("check", ".", "-f", "json", "-q")
    assert ran.code == 3
    (unread,) = json.loads(ran.out)["unread"]
    assert unread["message"] == "there is no Kubernetes manifest in '.'"
    (invocation,) = json.loads(run("check", ".", "-f", "sarif", "-q").out)["runs"][0]["invocations"]
    assert not invocation["executionSuccessful"]
    assert json.loads(run("check", ".", "-f", "json", "-q", "--allow-empty").out)["unread"] == []


# ── what overlays of one base have in common ─────────────────────────────────────────────────────────

CLAIMS = """
    apiVersion: v1
    kind: Service
    metadata: {name: web, annotations: {external-dns.alpha.kubernetes.io/hostname: web.example.com}}
    spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, nodePort: 30080}]}
    ---
    apiVersion: apps/v1
    kind: DaemonSet
    metadata: {name: web}
    spec:
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: web, image: web, ports: [{containerPort: 80, hostPort: 8080}]}]}
    ---
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata: {name: web}
    spec:
      rules:
        - host: web.example.com
          http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
    """
CLAIMED = ("service-ports-invalid", "duplicate-external-dns-name", "host-port-conflict", "ingress-duplicate-route")


def claims(*files: str) -> list[str]:
    """The severities of what claims the same thing twice, in the order of the rules."""
    arguments = [word for rule in CLAIMED for word in ("--select", rule)]
    out = run("--no-config", "--format", "concise", *arguments, *files).out
    return [line.split(f"[{rule}]")[0].split()[-1] for rule in CLAIMED for line in out.splitlines() if rule in line]


def test_what_overlays_of_one_base_both_claim_is_a_note() -> None:
    for name in ("dev", "prod"):
        plant({f"{name}/kustomization.yaml": kustomization("../base", namespace=name)})
    plant({"base/kustomization.yaml": kustomization("all.yaml"), "base/all.yaml": CLAIMS})
    assert claims("dev", "prod", "base") == ["note", "note", "note", "note"]
    for name in ("dev", "prod"):
        plant({f"{name}/kustomization.yaml": kustomization("all.yaml", namespace=name), f"{name}/all.yaml": CLAIMS})
    assert claims("dev", "prod") == ["warning", "error", "warning", "warning"]


AGENT = """
    apiVersion: apps/v1
    kind: DaemonSet
    metadata: {name: agent, namespace: %s}
    spec:
      selector: {matchLabels: {app: agent}}
      template:
        metadata: {labels: {app: agent}}
        spec: {hostNetwork: true, containers: [{name: agent, image: example/agent, ports: [{containerPort: 9099}]}]}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: agent, namespace: %s, labels: {app: agent}}
    spec: {selector: {app: agent}, ports: [{port: 9099}]}
    """
MONITOR = """
    apiVersion: monitoring.coreos.com/v1
    kind: ServiceMonitor
    metadata: {name: agent, namespace: tools}
    spec: {selector: {matchLabels: {app: agent}}, endpoints: [{targetPort: 9099}]}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: other, namespace: tools}
    spec: {selector: {app: other}, ports: [{port: 80}]}
    """


def test_the_namespace_of_a_chart_that_nobody_tells_proves_nothing() -> None:
    """A chart and manifests of one application install the same thing; the chart's namespace is anybody's guess."""
    helm().close()
    select = ("host-port-conflict", "monitor-selects-nothing")
    chart = AGENT % ("{{ .Release.Namespace }}", "{{ .Release.Namespace }}")
    plant({"chart/Chart.yaml": "apiVersion: v2\nname: agent\nversion: 1.0.0\n", "chart/templates/a.yaml": chart})
    plant({"plain/agent.yaml": AGENT.partition("---")[0] % "agents", "monitor/monitor.yaml": MONITOR})
    assert [line for line in check(select=select) if "note[" not in line] == []
    plant({"chart/templates/a.yaml": AGENT % ("elsewhere", "elsewhere")})
    told = "\n".join(check(select=select))
    assert "warning[host-port-conflict]" in told
    assert "error[monitor-selects-nothing]" in told


def test_the_namespace_of_a_release_is_not_called_by_the_name_that_is_guessed() -> None:
    helm().close()
    select = ("namespace-without-default-deny-ingress",)
    web = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: %s}
        spec:
          selector: {matchLabels: {app: web}}
          template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: web}]}}
        """
    plant({"chart/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n"})
    for written, said in (("{{ .Release.Namespace }}", "the namespace of the release"), ("shop", "Namespace/shop")):
        plant({"chart/templates/web.yaml": web % written})
        assert f"{said} has no NetworkPolicy for ingress" in "\n".join(check(select=select))


def test_what_a_chart_leaves_to_its_users_is_a_note_until_somebody_gives_the_values() -> None:
    helm().close()
    plant(
        {
            "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
            "c/values.yaml": 'port: ""\nexternalIPs: none\n',
            "c/templates/web.yaml": """
                apiVersion: v1
                kind: Service
                metadata: {name: web}
                spec:
                  healthCheckNodePort: ""
                  selector: {app: web}
                  externalIPs: {{ .Values.externalIPs }}
                  ports:
                    - {name: http, port: {{ .Values.port }}}
                """,
        }
    )
    said = check(select=["field-invalid"])
    assert [line.partition(" Service/web")[0] for line in said] == [
        "c/templates/web.yaml:5:24: error[field-invalid]",
        "c/templates/web.yaml:7:16: error[field-invalid]",
        "c/templates/web.yaml:9:20: note[field-invalid]",
    ]
    assert said[-1].endswith("has no port in spec.ports[0]; the chart's own values leave it empty")
    plant({".k8snet-lint.yaml": "charts: [{path: c}]\n"})
    assert [line.partition("[")[0].rpartition(" ")[2] for line in check(select=["field-invalid"])] == ["error"] * 3


def test_a_block_that_a_chart_leaves_to_its_users_is_a_note() -> None:
    helm().close()
    plant(
        {
            "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
            "c/values.yaml": 'cidr: ""\n',
            "c/templates/web.yaml": """
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: web}
                spec:
                  podSelector: {}
                  ingress:
                    - from:
                        - ipBlock:
                            cidr: {{ .Values.cidr | quote }}
                        - ipBlock:
                            cidr: ""
                """,
        }
    )
    note, error = check(select=["policy-field-invalid"])
    assert "note[policy-field-invalid] NetworkPolicy/web has an ipBlock without a cidr; the chart's own" in note
    assert "web.yaml:11:19: error[policy-field-invalid] NetworkPolicy/web has an ipBlock without a cidr" in error
