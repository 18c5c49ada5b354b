import pytest

from k8snet_lint.cli.output import paired, wants_color
from k8snet_lint.errors import UsageError


def test_without_formats_the_default_goes_to_standard_output() -> None:
    assert paired([], "text") == (("text", "-"),)


def test_an_output_belongs_to_the_format_before_it() -> None:
    arguments = ["--format", "text", "--format", "sarif", "--output", "lint.sarif", "deploy"]
    assert paired(arguments, "text") == (("text", "-"), ("sarif", "lint.sarif"))


def test_an_output_before_every_format_belongs_to_the_first() -> None:
    assert paired(["-o", "a.json", "-f", "json"], "text") == (("json", "a.json"),)


@pytest.mark.parametrize("spelling", [["--format=json"], ["-fjson"], ["-f", "json"], ["-f=json"]])
def test_every_spelling_counts(spelling: list[str]) -> None:
    assert paired(spelling, "text") == (("json", "-"),)


def test_what_follows_two_dashes_is_a_path() -> None:
    assert paired(["--", "--format", "json"], "text") == (("text", "-"),)


def test_two_formats_do_not_mix_on_standard_output() -> None:
    with pytest.raises(UsageError, match="two formats would mix in standard output"):
        paired(["-f", "text", "-f", "json"], "text")


def test_an_output_too_many_is_a_mistake() -> None:
    with pytest.raises(UsageError, match="follows no '--format' of its own"):
        paired(["-f", "text", "-o", "a", "-o", "b"], "text")


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
