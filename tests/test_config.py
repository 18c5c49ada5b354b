from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from k8snet_lint.config import Config, Flags, Override, Suppression, kubernetes_version, load
from k8snet_lint.declare import Preset, Severity
from k8snet_lint.errors import ConfigError, UsageError
from k8snet_lint.facts import SYSTEM_NAMESPACES, Assumed, Facts

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = ".k8snet-lint.yaml"

FULL = """\
paths: [deploy]
exclude: [vendor]
preset: strict
select: [service]
ignore: [service-node-port]
severity: {ingress-without-tls: error}
fail-on: note
options:
  policy-open-cidr:
    prefix: 16
namespace: shop
kubernetes-version: "1.30"
cluster:
  domain: example.internal
  pod-cidrs: [10.244.0.0/16, "fd00::/56"]
  service-cidrs: [10.96.0.0/12]
  node-port-range: 20000-22767
  default-ingress-class: nginx
  internal-ingress-classes: [inside]
  tls-terminated-upstream: true
system-namespaces: [kube-system, monitoring]
controller-labels: [example.com/shard]
include-jobs: true
assume:
  complete: true
  namespaces:
    - monitoring
    - name: payments
      labels: {team: payments}
  services: [payments/gateway]
  secrets: ["*-tls"]
  config-maps: [kube-root-ca.crt]
  ingress-classes: [nginx]
  gateway-classes: [internal]
  gateways: ["infra/*"]
suppressions:
  - rule: service-node-port
    resource: Service/shop/web
    namespace: shop
    reason: until spring
    expires: 2027-06-30
require-reason: true
inline: false
overrides:
  - paths: ["dev/**"]
    select: [policy]
    ignore: [workload-not-isolated]
    severity: {ingress-without-tls: note}
strict-inputs: true
"""


def said(config: Config) -> Config:
    """What a configuration says, wherever that is written."""
    return config._replace(name="", written=None)


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Writes the configuration of the working directory."""
    monkeypatch.chdir(tmp_path)

    def write(text: str) -> Path:
        Path(NAME).write_text(text, encoding="utf-8")
        return Path(NAME)

    return write


def test_every_key_finds_its_place(written: Callable[[str], Path]) -> None:
    config = load(written(FULL))
    assumed = Assumed(
        complete=True,
        namespaces={"monitoring": {}, "payments": {"team": "payments"}},
        services=("payments/gateway",),
        secrets=("*-tls",),
        config_maps=("kube-root-ca.crt",),
        ingress_classes=("nginx",),
        gateway_classes=("internal",),
        gateways=("infra/*",),
    )
    facts = Facts(
        assumed=assumed,
        kubernetes_version=(1, 30),
        cluster_domain="example.internal",
        pod_cidrs=("10.244.0.0/16", "fd00::/56"),
        service_cidrs=("10.96.0.0/12",),
        node_ports=(20000, 22767),
        default_ingress_class="nginx",
        internal_ingress_classes=("inside",),
        tls_terminated_upstream=True,
        system_namespaces=frozenset({"kube-system", "monitoring"}),
        controller_labels=("example.com/shard",),
        include_jobs=True,
    )
    override = Override(("dev/**",), ("policy",), ("workload-not-isolated",), {"ingress-without-tls": Severity.NOTE})
    assert said(config) == Config(
        paths=("deploy",),
        exclude=("vendor",),
        preset=Preset.STRICT,
        select=("service",),
        ignore=("service-node-port",),
        severity={"ingress-without-tls": Severity.ERROR},
        fail_on=Severity.NOTE,
        options={"policy-open-cidr": {"prefix": 16}},
        namespace="shop",
        facts=facts,
        suppressions=(Suppression("service-node-port", "Service/shop/web", "shop", "until spring", "2027-06-30"),),
        require_reason=True,
        inline=False,
        overrides=(override,),
        strict_inputs=True,
    )
    assert config.name == NAME


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n", "{}\n"])
def test_an_empty_file_says_nothing(written: Callable[[str], Path], text: str) -> None:
    config = load(written(text))
    assert said(config) == Config()
    assert config.name == NAME


def test_the_defaults() -> None:
    config = Config()
    assert (config.preset, config.fail_on, config.inline) == (Preset.RECOMMENDED, Severity.WARNING, True)
    assert config.facts.system_namespaces == SYSTEM_NAMESPACES
    assert (config.name, config.where(("preset",))) == ("", "")


MISTAKES = {
    "fail_on: error": "1:1: unknown key 'fail_on'; did you mean 'fail-on'?",
    "pod-cidrs: []": "1:1: unknown key 'pod-cidrs'; it stands under 'cluster'",
    "cluster: {paths: []}": "1:11: unknown key 'paths' in 'cluster'; it stands at the top level",
    "colour: always": "1:1: unknown key 'colour'",
    "overrides:\n- paths: []\n  files: []": (
        "3:3: unknown key 'files' in 'overrides[0]'; expected 'paths', 'select', 'ignore' or 'severity'"
    ),
    "preset: strickt": (
        "1:9: 'preset' is 'strickt'; expected 'recommended', 'strict' or 'security'; did you mean 'strict'?"
    ),
    "fail-on: 2": "1:10: 'fail-on' is the number 2; expected 'error', 'warning' or 'note'",
    "severity: {service-node-port: [error]}": (
        "1:31: 'severity.service-node-port' is a list; expected 'error', 'warning' or 'note'"
    ),
    "exclude: vendor": "1:10: 'exclude' is 'vendor'; expected a list such as ['vendor', '**/testdata/**']",
    "exclude:\npreset: strict": "1:1: 'exclude' is empty; expected a list such as ['vendor', '**/testdata/**']",
    "exclude: ['[z-a]']": "1:11: 'exclude[0]' is '[z-a]'; expected a file pattern, such as 'charts/**'",
    "ignore: ['']": "1:10: 'ignore[0]' is ''; expected some text",
    "inline: 'no'": "1:9: 'inline' is 'no'; expected true or false",
    "require-reason: {}": "1:17: 'require-reason' is a mapping; expected true or false",
    "kubernetes-version: 1.30": (
        "1:21: 'kubernetes-version' is the number 1.3; expected a string such as '1.33', in quotes"
    ),
    "kubernetes-version: v1": "1:21: 'kubernetes-version' is 'v1'; expected a form such as '1.33'",
    "namespace: true": "1:12: 'namespace' is true; expected a string such as 'shop', in quotes",
    "cluster:\n  pod-cidrs: [10.0.0.1/8]": (
        "2:15: 'cluster.pod-cidrs[0]' is '10.0.0.1/8'; "
        "expected an address range without bits set after its prefix, such as '10.96.0.0/12'"
    ),
    "cluster: {node-port-range: 40-30}": (
        "1:28: 'cluster.node-port-range' is '40-30'; "
        "expected two ports between 1 and 65535, the lower one first, such as '30000-32767'"
    ),
    "assume: {namespaces: [{nam: a}]}": (
        "1:23: missing key 'name' in 'assume.namespaces[0]'; expected a string",
        "1:24: unknown key 'nam' in 'assume.namespaces[0]'; did you mean 'name'?",
    ),
    "assume: {namespaces: [3]}": (
        "1:23: 'assume.namespaces[0]' is the number 3; expected a string or a mapping such as 'monitoring', in quotes"
    ),
    "suppressions:\n- resource: web": (
        "2:3: missing key 'rule' in 'suppressions[0]'; expected a string such as 'service-node-port'",
        "2:13: 'suppressions[0].resource' is 'web'; expected a form such as 'Service/shop/web'",
    ),
    "suppressions: [{rule: a, expires: 2027-02-30}]": (
        "1:35: 'suppressions[0].expires' is '2027-02-30'; expected a day of the calendar, such as '2027-06-30'"
    ),
    '"a\\e\\nb": 1': r"1:1: unknown key 'a\x1b\nb'",
    r'severity: {"a\nb": 1}': r"1:20: 'severity.a\nb' is the number 1; expected 'error', 'warning' or 'note'",
    "- paths": "1:3: the configuration is a list; expected a mapping",
    "namespace: " + "A" * 90: f"1:12: 'namespace' is '{'A' * 60}…'; expected a form such as 'shop'",
}


@pytest.mark.parametrize(("text", "expected"), MISTAKES.items())
def test_mistakes_are_told_at_their_place(
    written: Callable[[str], Path], text: str, expected: str | tuple[str, ...]
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(written(text))
    lines = (expected,) if isinstance(expected, str) else expected
    assert caught.value.message.split("\n") == [f"{NAME}:{line}" for line in lines]


def test_all_mistakes_are_told_together_in_the_order_of_the_file(written: Callable[[str], Path]) -> None:
    with pytest.raises(ConfigError) as caught:
        load(written("preset: strickt\nfail_on: error\ninline: 1\n"))
    assert [line.split(":")[1] for line in caught.value.message.split("\n")] == ["1", "2", "3"]
    assert caught.value.help == "'k8snet-lint schema config' prints every key and what it takes"


def test_of_very_many_mistakes_the_first_are_told(written: Callable[[str], Path]) -> None:
    with pytest.raises(ConfigError) as caught:
        load(written("".join(f"key-{number}: 1\n" for number in range(50))))
    lines = caught.value.message.split("\n")
    assert len(lines) == 21
    assert lines[-1] == f"{NAME}:21:1: further mistakes are left out"


BROKEN = {
    "duplicate key": "preset: strict\npreset: security\n",
    "no YAML": "preset: [strict\n",
    "tab": "cluster:\n\tdomain: a\n",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_yaml_is_told_at_its_place(written: Callable[[str], Path], text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(written(text))
    assert caught.value.message.startswith((f"{NAME}:1:", f"{NAME}:2:"))


def test_a_key_given_twice_is_a_mistake(written: Callable[[str], Path]) -> None:
    with pytest.raises(ConfigError, match=r"\.k8snet-lint\.yaml:2:1: the key `preset` "):
        load(written("preset: strict\npreset: security\n"))


def test_a_file_holds_one_document(written: Callable[[str], Path]) -> None:
    with pytest.raises(ConfigError, match=r"\.k8snet-lint\.yaml:3:1: a further document; expected one"):
        load(written("preset: strict\n---\npreset: security\n"))


def test_bytes_that_are_no_text_are_told_at_their_place(written: Callable[[str], Path]) -> None:
    path = written("")
    path.write_bytes("preset: strict\nnamespace: ü".encode() + b"\xe4\n")
    with pytest.raises(ConfigError, match=r"\.k8snet-lint\.yaml:2:13: the byte 0xe4 is no part of a character"):
        load(path)


def test_a_byte_order_mark_is_no_mistake(written: Callable[[str], Path]) -> None:
    path = written("")
    path.write_bytes(b"\xef\xbb\xbfpreset: strict\n")
    assert load(path).preset is Preset.STRICT


def test_a_huge_file_is_not_read(written: Callable[[str], Path]) -> None:
    with pytest.raises(ConfigError, match="the file is larger than 1 MiB"):
        load(written("#" * (1 << 20) + "\n"))


@pytest.mark.parametrize("name", ["absent.yaml", "."])
def test_a_named_file_that_cannot_be_read_is_wrong_usage(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"the configuration '.*' cannot be read: "):
        load(tmp_path / name, named=True)


def test_values_nested_beyond_reason_do_not_crash(written: Callable[[str], Path]) -> None:
    with pytest.raises(ConfigError):
        load(written("exclude: " + "[" * 5_000 + "]" * 5_000 + "\n"))


def test_aliases_that_multiply_do_not_either(written: Callable[[str], Path]) -> None:
    levels = "".join(f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 12))
    with pytest.raises(ConfigError):
        load(written("a0: &a0 [x]\n" + levels + "exclude: *a11\n"))


def test_directories_of_rules_are_code_and_only_a_named_file_may_give_them(written: Callable[[str], Path]) -> None:
    path = written("preset: strict\nrules: [lint-rules, ../more]\n")
    assert load(path, named=True).rules == ("lint-rules", "../more")
    for text in ("preset: strict\nrules: [lint-rules]\n", "preset: strict\nrules: []\n"):
        with pytest.raises(ConfigError, match=r"\.k8snet-lint\.yaml:2:1: 'rules' is not allowed in a file that was"):
            load(written(text))


def test_paths_are_relative_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "infra").mkdir()
    monkeypatch.chdir(tmp_path)
    Path("infra", NAME).write_text(
        "paths: [deploy, .]\nrules: [../rules]\noverrides: [{paths: [dev, '*.tmp.yaml'], ignore: [service]}]\n",
        encoding="utf-8",
    )
    config = load(Path("infra", NAME), named=True)
    assert (config.name, config.directory) == (f"infra/{NAME}", "infra")
    assert config.paths == ("infra/deploy", "infra")
    assert config.rules == ("rules",)
    for name in ("infra/dev/web.yaml", "infra/dev/a/b.yaml", "infra/prod/web.tmp.yaml", "infra/x/dev/web.yaml"):
        assert config.overriding(name) == config.overrides, name
    for name in ("infra/prod/web.yaml", "infra/dev.yaml", "dev/web.yaml", "<stdin>"):
        assert config.overriding(name) == (), name


def test_a_file_on_another_drive_is_not_meant_by_an_override(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_way(_path: str, _start: str) -> str:
        raise ValueError

    monkeypatch.setattr(os.path, "relpath", no_way)
    assert Config(overrides=(Override(("**",)),)).overriding("D:/web.yaml") == ()


def test_every_key_knows_where_it_is_written(written: Callable[[str], Path]) -> None:
    config = load(written(FULL))
    assert config.where(("preset",)) == f"{NAME}:3:1"
    assert config.where(("ignore", 0)) == f"{NAME}:5:10"
    assert config.where(("options", "policy-open-cidr")) == f"{NAME}:9:3"
    assert config.where(("options", "policy-open-cidr", "prefix")) == f"{NAME}:10:5"
    assert config.where(("suppressions", 0)) == f"{NAME}:37:5"
    assert config.where(("ignore", 1)) == ""
    assert config.where(("rules",)) == ""


def test_flags_have_the_last_word(written: Callable[[str], Path]) -> None:
    config = load(written(FULL)).merged(
        Flags(
            paths=("other",),
            exclude=("charts",),
            preset=Preset.SECURITY,
            select=("ingress",),
            ignore=("policy",),
            severity={"service-node-port": Severity.NOTE},
            fail_on=Severity.ERROR,
            namespace="front",
            kubernetes_version=kubernetes_version("1.29"),
            assume_complete=False,
            require_reason=False,
            inline=True,
            rules=("mine",),
            strict_inputs=False,
        )
    )
    assert config.paths == ("other",)
    assert config.exclude == ("vendor", "charts")
    assert config.preset is Preset.SECURITY
    assert config.select == ("ingress",)
    assert config.ignore == ("service-node-port", "policy")
    assert config.severity == {"ingress-without-tls": Severity.ERROR, "service-node-port": Severity.NOTE}
    assert config.fail_on is Severity.ERROR
    assert config.namespace == "front"
    assert config.facts.kubernetes_version == (1, 29)
    assert config.facts.assumed.complete is False
    assert config.facts.assumed.services == ("payments/gateway",)
    assert (config.require_reason, config.inline, config.strict_inputs) == (False, True, False)
    assert config.rules == ("mine",)
    assert config.where(("select", 0)) == ""
    assert config.where(("ignore", 0)) == f"{NAME}:5:10"
    assert config.where(("ignore", 1)) == ""


def test_flags_that_were_not_given_change_nothing(written: Callable[[str], Path]) -> None:
    config = load(written(FULL))
    assert config.merged(Flags()) == config


@pytest.mark.parametrize(
    "text", ["1", "1.", "v1", "V1.33", "1.33.", "1.33-gke", "2.1", "1.33\n", "1.33.2\n", "1.1234", ""]
)
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no Kubernetes version"):
        kubernetes_version(text)


@pytest.mark.parametrize("text", ["1.30", "v1.30", "1.30.2", "v1.30.2", "v1.30.2-gke.1587003", "v1.30.2+k3s1"])
def test_a_version_may_be_written_as_kubectl_prints_it(text: str, written: Callable[[str], Path]) -> None:
    assert kubernetes_version(text) == (1, 30)
    assert load(written(f'kubernetes-version: "{text}"\n')).facts.kubernetes_version == (1, 30)


def test_a_good_configuration_is_read_without_what_only_mistakes_need(written: Callable[[str], Path]) -> None:
    path = written("preset: strict\nsuppressions:\n- rule: service-node-port\n  reason: so be it\n")
    program = (
        "import sys, pathlib, k8snet_lint.loader; from k8snet_lint.manifest import parse; before = set(sys.modules); "
        "from k8snet_lint.config import discover, load; import k8snet_lint.suppression; "
        "load(discover(pathlib.Path('.'))); print(*sorted(set(sys.modules) - before), sep='\\n')"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=path.parent.resolve(),
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    imported = run.stdout.split()
    assert "k8snet_lint.config.reader" in imported
    needless = {"jsonschema", "tomllib", "difflib", "datetime", "ipaddress", "json", "yaml.scanner"}
    assert needless.isdisjoint(imported)
