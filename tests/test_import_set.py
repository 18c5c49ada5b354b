"""What a run imports is what it costs before it does anything, so the set is frozen here.

A module that a failing test names was imported on a path that must stay fast. Import it inside the function that needs
it; where it is worth its time on every run, measure that with `python -m benchmarks.run` and add it to the lists here.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

RUN = """
import json, sys
before = set(sys.modules)
from k8snet_lint.cli.main import main
try:
    main()
except SystemExit:
    pass
print(json.dumps(sorted(set(sys.modules) - before)), file=sys.stderr)
"""

COMPILED = """
import sys
texts = []
sys.addaudithook(lambda event, given: texts.append(given[0]) if event == "compile" and given[1] == "<string>" else None)
from k8snet_lint.cli.main import main
try:
    main()
except SystemExit:
    pass
print([text for text in texts if not text.startswith(b"lambda _cls")], file=sys.stderr)
"""

MANIFEST = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: NodePort
  selector: {app: web}
  ports: [{port: 80}]
"""

THIRD_PARTY_OF_A_CHECK = {"click", "yaml"}

SLOW_STANDARD_MODULES = {
    *("argparse", "asyncio", "concurrent", "csv", "decimal", "difflib", "doctest", "email", "http", "logging"),
    *("multiprocessing", "pprint", "random", "shutil", "socket", "sqlite3", "ssl", "statistics", "subprocess"),
    *("tempfile", "tomllib", "unittest", "xml", "zipfile", "importlib.metadata", "importlib.resources"),
}

NOT_FOR_A_CHECK = {
    *("k8snet_lint.answers", "k8snet_lint.docs", "k8snet_lint.testing", "k8snet_lint.overview"),
    *("k8snet_lint.config.explain", "k8snet_lint.config.starter", "k8snet_lint.config.toml"),
    *("k8snet_lint.reporters.sarif", "k8snet_lint.reporters.concise"),
}

NOT_FOR_HELP = {
    *("k8snet_lint.manifest", "k8snet_lint.loader", "k8snet_lint.resource", "k8snet_lint.graph", "k8snet_lint.config"),
    *("k8snet_lint.declare", "k8snet_lint.registry", "k8snet_lint.engine", "json"),
}


def imported(*arguments: str) -> set[str]:
    """The modules that the program imports when it is run with these arguments."""
    done = subprocess.run([sys.executable, "-c", RUN, *arguments], capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


def third_party(modules: set[str]) -> set[str]:
    """The top-level packages that are neither ours nor Python's; what Cython adds to its extensions is theirs."""
    tops = {name.partition(".")[0] for name in modules} - sys.stdlib_module_names - {"k8snet_lint", "k8snet_lint_rules"}
    return {name for name in tops if "cython" not in name}


def within(modules: set[str], packages: set[str]) -> set[str]:
    """The modules that are one of the packages or inside of one."""
    return {name for name in modules if any(f"{name}.".startswith(f"{package}.") for package in packages)}


@pytest.fixture(scope="module", params=["text", "json"])
def modules_of_a_check(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    path: Path = tmp_path_factory.mktemp("shop") / "web.yaml"
    path.write_text(MANIFEST, encoding="utf-8")
    return imported("check", "--no-config", "--format", request.param, str(path))


def test_a_check_needs_no_packages_but_the_command_line_and_yaml(modules_of_a_check: set[str]) -> None:
    assert third_party(modules_of_a_check) == THIRD_PARTY_OF_A_CHECK


def test_a_check_imports_nothing_slow_of_the_standard_library(modules_of_a_check: set[str]) -> None:
    assert within(modules_of_a_check, SLOW_STANDARD_MODULES) == set()


def test_the_judge_of_fields_is_imported_for_what_is_not_right_at_a_glance(tmp_path: Path) -> None:
    path = tmp_path / "web.yaml"
    path.write_text(MANIFEST.replace("NodePort", "Nodeport"), encoding="utf-8")
    assert third_party(imported("check", "--no-config", str(path))) == THIRD_PARTY_OF_A_CHECK | {"jsonschema_rs"}


@pytest.mark.skipif(sys.platform == "win32", reason="there click reads every line")
def test_the_simplest_line_needs_no_click_nothing_that_looks_into_code_and_no_objects_for_paths(tmp_path: Path) -> None:
    path = tmp_path / "web.yaml"
    path.write_text(MANIFEST, encoding="utf-8")
    modules = imported(str(path))
    assert third_party(modules) == THIRD_PARTY_OF_A_CHECK - {"click"}
    assert (
        within(modules, {"ast", "dataclasses", "dis", "inspect", "pathlib", "tokenize", "traceback", "urllib"}) == set()
    )


def test_a_check_compiles_no_annotation_for_which_python_makes_ready_all_its_syntax(tmp_path: Path) -> None:
    path = tmp_path / "web.yaml"
    path.write_text(MANIFEST, encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", COMPILED, str(path)], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"


def test_a_check_imports_nothing_of_other_commands_and_formats(modules_of_a_check: set[str]) -> None:
    assert "k8snet_lint.engine" in modules_of_a_check
    assert within(modules_of_a_check, NOT_FOR_A_CHECK) == set()


def test_the_version_is_told_before_anything_is_imported() -> None:
    modules = imported("--version")
    assert third_party(modules) == set()
    assert within(modules, {"k8snet_lint"}) == {
        *("k8snet_lint", "k8snet_lint.version", "k8snet_lint.cli", "k8snet_lint.cli.main"),
    }


def test_help_imports_click_and_none_of_what_a_check_needs() -> None:
    modules = imported("--help")
    assert third_party(modules) == {"click"}
    assert within(modules, NOT_FOR_HELP) == set()
