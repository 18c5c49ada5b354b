from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from k8snet_lint.config import Config, Suppression, load
from k8snet_lint.declare import Preset
from k8snet_lint.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

FULL = """\
[project]
name = "shop"

[tool.k8snet-lint]
preset = "strict"
options.policy-open-cidr.prefix = 16
exclude = [
  "vendor",
]

[tool.k8snet-lint.cluster]
domain = "example.internal"

[[tool.k8snet-lint.suppressions]]
rule = "service-node-port"
reason = "until spring"
expires = 2027-06-30

[[tool.k8snet-lint.suppressions]]
"rule" = "ingress-without-tls"

[tool.k8snet-lint.assume]
namespaces = ["monitoring", {name = "payments", labels = {team = "payments"}}]

[tool.other]
preset = "none of ours"
"""


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Writes the pyproject.toml of the working directory."""
    monkeypatch.chdir(tmp_path)

    def write(text: str) -> Path:
        Path("pyproject.toml").write_text(text, encoding="utf-8")
        return Path("pyproject.toml")

    return write


def test_the_table_is_read_as_the_file_of_its_own_would_be(written: Callable[[str], Path]) -> None:
    config = load(written(FULL))
    assert config.preset is Preset.STRICT
    assert config.exclude == ("vendor",)
    assert config.options == {"policy-open-cidr": {"prefix": 16}}
    assert config.facts.cluster_domain == "example.internal"
    assert config.facts.assumed.namespaces == {"monitoring": {}, "payments": {"team": "payments"}}
    assert config.suppressions == (
        Suppression("service-node-port", reason="until spring", expires="2027-06-30"),
        Suppression("ingress-without-tls"),
    )


def test_keys_are_found_at_their_lines(written: Callable[[str], Path]) -> None:
    config = load(written(FULL))
    places = {
        ("preset",): 5,
        ("options",): 6,
        ("options", "policy-open-cidr", "prefix"): 6,
        ("exclude", 0): 7,
        ("cluster",): 11,
        ("cluster", "domain"): 12,
        ("suppressions",): 14,
        ("suppressions", 0): 14,
        ("suppressions", 0, "expires"): 17,
        ("suppressions", 1): 19,
        ("suppressions", 1, "rule"): 20,
        ("assume", "namespaces", 1, "labels", "team"): 23,
    }
    assert {path: config.where(path) for path in places} == {
        path: f"pyproject.toml:{line}:1" for path, line in places.items()
    }


def test_mistakes_are_told_at_their_lines(written: Callable[[str], Path]) -> None:
    with pytest.raises(ConfigError) as caught:
        load(written("[tool.k8snet-lint]\n  fail_on = 'error'\n[[tool.k8snet-lint.suppressions]]\n"))
    assert caught.value.message.split("\n") == [
        "pyproject.toml:2:3: unknown key 'fail_on'; did you mean 'fail-on'?",
        "pyproject.toml:3:1: missing key 'rule' in 'suppressions[0]'; expected a string such as 'service-node-port'",
    ]


def test_a_time_is_read_as_it_is_written(written: Callable[[str], Path]) -> None:
    with pytest.raises(
        ConfigError, match=r"pyproject.toml:3:1: 'suppressions\[0\].expires' is '12:30:00'; expected a day"
    ):
        load(written("[[tool.k8snet-lint.suppressions]]\nrule = 'service-node-port'\nexpires = 12:30:00\n"))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[tool.k8snet-lint]\npreset = strict\n", "2:10"),
        ("[tool.k8snet-lint]\npreset = [", "2:11"),
        ("[tool.k8snet-lint]\nexclude = " + "[" * 5_000, "1:1"),
    ],
)
def test_what_is_no_toml_is_told_at_its_place(written: Callable[[str], Path], text: str, place: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(written(text))
    assert caught.value.message.startswith(f"pyproject.toml:{place}: ")


def test_a_table_that_is_a_list_of_tables_is_a_mistake(written: Callable[[str], Path]) -> None:
    with pytest.raises(ConfigError, match="1:1: the configuration is a list; expected a mapping"):
        load(written("[[tool.k8snet-lint]]\npreset = 'strict'\n"))


def test_a_named_file_has_to_hold_the_table(written: Callable[[str], Path]) -> None:
    path = written("[project]\nname = 'shop'\n")
    assert load(path)._replace(name="") == Config()
    with pytest.raises(ConfigError, match=r"pyproject.toml:1:1: there is no table \[tool.k8snet-lint\]"):
        load(path, named=True)
