"""What another process works out is what this one would have."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks.synthetic import Cluster
from k8snet_lint.forked import ALONE
from k8snet_lint.judging import MANY

if TYPE_CHECKING:
    from pathlib import Path

FORKS = pytest.mark.skipif(sys.platform != "linux", reason="processes are divided on Linux only")

SCRIPT = """
import json, os
from k8snet_lint.forked import can_fork, forked
from k8snet_lint.source import Source

kept = Source("a.yaml", "text")
def fails(): raise MemoryError
def dies(): os._exit(7)
def refused():
    fork, os.fork = os.fork, fork_not
    told, os.fork = forked(os.getpid, [])(), fork
    return told
def fork_not(): raise BlockingIOError
told = forked(lambda: (os.getpid(), kept, ["a"] * 100_000), [kept])
process, source, words = told()
print(json.dumps({
    "elsewhere": process != os.getpid(), "itself": source is kept, "words": len(words),
    "refused": refused(), "failed": forked(fails, [])(), "died": forked(dies, [])(), "can": can_fork(),
}))
"""


def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **more}
    return subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False)


@FORKS
def test_work_is_done_in_another_process_and_refers_to_what_is_kept() -> None:
    told = json.loads(run("-c", SCRIPT, **{ALONE: "1"}).stdout)
    assert told == {
        "elsewhere": True,
        "itself": True,
        "words": 100_000,
        "refused": None,
        "failed": None,
        "died": None,
        "can": False,
    }


@FORKS
def test_no_process_with_several_threads_is_divided() -> None:
    script = "import threading; from k8snet_lint.forked import can_fork; threading.Timer(1, int).start(); {}"
    assert run("-c", script.format("print(can_fork())")).stdout == "False\n"


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """More objects than one process judges, some of which connect to what policies keep from them."""
    directory = tmp_path_factory.mktemp("many")
    Cluster(3 * MANY // 2).write(directory)
    (directory / "wrong.yaml").write_text(
        "{apiVersion: v1, kind: Service, metadata: {name: a, namespace: shop}, "
        "spec: {type: LoadBalancer, selector: {app: db}, ports: [{port: 5432, targetPort: 5432}]}}\n---\n"
        "{apiVersion: v1, kind: Pod, metadata: {name: db, namespace: shop, labels: {app: db}}, "
        "spec: {containers: [{name: db, image: postgres, ports: [{containerPort: 5432}]}]}}\n---\n"
        "{apiVersion: v1, kind: Service, metadata: {name: b, namespace: shop}, spec: {type: nodeport}}\n"
    )
    return directory


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_a_report_of_two_processes_is_that_of_one(many: Path, form: str) -> None:
    command = ("-m", "k8snet_lint", "check", "--preset", "strict", "--format", form, str(many))
    both, alone = run(*command), run(*command, **{ALONE: "1"})
    assert "exposed-sensitive-port" in both.stdout
    assert "field-invalid" in both.stdout
    assert (both.stdout, both.stderr, both.returncode) == (alone.stdout, alone.stderr, alone.returncode)
