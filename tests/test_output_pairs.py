from pathlib import Path

import pytest

from k8snet_lint.cli.output import paired, wants_color
from k8snet_lint.errors import UsageError
from tests.support import run

NODE_PORT = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: NodePort, ports: [{port: 80}]}\n"


def test_without_formats_the_default_goes_to_standard_output() -> None:
    assert paired([], "text") == (("text", "-"),)


def test_an_output_belongs_to_the_format_before_it() -> None:
    given = [("formats", "text"), ("formats", "sarif"), ("outputs", "lint.sarif")]
    assert paired(given, "text") == (("text", "-"), ("sarif", "lint.sarif"))


def test_an_output_before_every_format_belongs_to_the_first() -> None:
    assert paired([("outputs", "a.json"), ("formats", "json")], "text") == (("json", "a.json"),)


@pytest.mark.parametrize("spelling", [["--format=json"], ["-fjson"], ["-f", "json"], ["-qf", "json"], ["-qfjson"]])
def test_every_spelling_counts(spelling: list[str]) -> None:
    assert run(*spelling, "--no-config", "-", stdin=NODE_PORT).out.startswith("{")


def test_the_value_of_another_option_is_no_format() -> None:
    assert "service-node-port" in run("--exclude", "-foo", "--no-config", "-", stdin=NODE_PORT).out


def test_a_clustered_output_is_written(tmp_path: Path) -> None:
    place = tmp_path / "out.txt"
    assert run("-qo", str(place), "--no-config", "-", stdin=NODE_PORT).out == ""
    assert "service-node-port" in place.read_text()


def test_two_formats_do_not_mix_on_standard_output() -> None:
    with pytest.raises(UsageError, match="two formats would mix in standard output"):
        paired([("formats", "text"), ("formats", "json")], "text")


def test_an_output_too_many_is_a_mistake() -> None:
    with pytest.raises(UsageError, match="follows no '--format' of its own"):
        paired([("formats", "text"), ("outputs", "a"), ("outputs", "b")], "text")


@pytest.mark.parametrize(
    ("choice", "environment", "expected"),
    [
        ("always", {}, True),
        ("never", {"FORCE_COLOR": "1"}, False),
        ("auto", {}, False),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, True),
        ("auto", {"CLICOLOR_FORCE": "1"}, True),
        ("auto", {"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, False),
        ("auto", {"CLICOLOR_FORCE": "0"}, False),
    ],
)
def test_colour_obeys_flag_then_environment_then_terminal(
    choice: str, environment: dict[str, str], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FORCE_COLOR", "NO_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert wants_color(choice, "-") is expected


def test_a_file_gets_colour_only_when_told() -> None:
    assert not wants_color("auto", "report.txt")
    assert wants_color("always", "report.txt")
