from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from k8snet_lint.config import discover
from k8snet_lint.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a directory of manifests, in a directory that holds a configuration of its own."""
    (tmp_path / ".k8snet-lint.yaml").touch()
    root = tmp_path / "repository"
    (root / ".git").mkdir(parents=True)
    (root / "deploy" / "dev").mkdir(parents=True)
    (root / "deploy" / "dev" / "web.yaml").touch()
    return root


def test_the_nearest_directory_above_the_target_that_holds_one(repository: Path) -> None:
    (repository / ".k8snet-lint.yaml").touch()
    assert discover(repository / "deploy" / "dev" / "web.yaml") == repository / ".k8snet-lint.yaml"
    (repository / "deploy" / ".k8snet-lint.yml").touch()
    assert discover(repository / "deploy" / "dev") == repository / "deploy" / ".k8snet-lint.yml"


def test_a_target_given_relative_to_the_working_directory(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import Path as Given  # noqa: PLC0415 - the annotations need it for type checking only

    (repository / ".k8snet-lint.yaml").touch()
    monkeypatch.chdir(repository / "deploy")
    assert discover(Given("dev")) == repository / ".k8snet-lint.yaml"


def test_the_repository_is_where_the_search_ends(repository: Path) -> None:
    assert discover(repository / "deploy") is None
    assert discover(repository.parent) == repository.parent / ".k8snet-lint.yaml"


def test_without_a_repository_the_file_system_is_where_it_ends(tmp_path: Path) -> None:
    root = type(tmp_path)(tmp_path.anchor)
    assert discover(root) is None


def test_in_a_worktree_git_is_a_file(repository: Path) -> None:
    (repository / ".git").rmdir()
    (repository / ".git").write_text("gitdir: elsewhere\n", encoding="utf-8")
    assert discover(repository / "deploy") is None


def test_of_several_in_one_directory_the_first_kind_counts(repository: Path) -> None:
    (repository / "pyproject.toml").write_text("[tool.k8snet-lint]\n", encoding="utf-8")
    assert discover(repository) == repository / "pyproject.toml"
    (repository / ".k8snet-lint.yml").touch()
    assert discover(repository) == repository / ".k8snet-lint.yml"
    (repository / ".k8snet-lint.yaml").touch()
    assert discover(repository) == repository / ".k8snet-lint.yaml"


@pytest.mark.parametrize("header", ["[tool.k8snet-lint]", ' [ tool . "k8snet-lint" ]', "[tool.k8snet-lint.cluster]"])
def test_a_pyproject_with_a_table_of_ours_is_one(repository: Path, header: str) -> None:
    (repository / "pyproject.toml").write_text(f"[project]\nname = 'a'\n{header}\n", encoding="utf-8")
    assert discover(repository / "deploy") == repository / "pyproject.toml"


@pytest.mark.parametrize("text", ["[tool.ruff]\n", "# [tool.k8snet-lint]\n", "[tool.k8snet-linter]\n"])
def test_any_other_pyproject_is_none(repository: Path, text: str) -> None:
    (repository / "pyproject.toml").write_text(text, encoding="utf-8")
    assert discover(repository / "deploy") is None


def test_directories_of_these_names_are_none(repository: Path) -> None:
    (repository / ".k8snet-lint.yaml").mkdir()
    (repository / "pyproject.toml").mkdir()
    assert discover(repository) is None


def test_a_pyproject_that_cannot_be_read_is_told(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    (repository / "pyproject.toml").touch()
    monkeypatch.setattr("builtins.open", denied)
    with pytest.raises(UsageError, match=r"pyproject.toml' cannot be read: Permission denied"):
        discover(repository)
