from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from k8snet_lint import shipped as module
from k8snet_lint.errors import K8snetLintError
from k8snet_lint.shipped import shipped

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package directory that the module believes to stand in."""
    package = tmp_path.resolve() / "k8snet_lint"
    package.mkdir()
    monkeypatch.setattr(module, "__file__", str(package / "shipped.py"))
    return package


def test_this_installation_ships_its_schemas() -> None:
    assert (shipped("schemas") / "config.schema.json").is_file()


def test_an_installed_package_holds_them(package: Path) -> None:
    (package / "rules").mkdir()
    (package.parent / "rules").mkdir()
    (package.parent / "pyproject.toml").touch()
    assert shipped("rules") == package / "rules"


def test_in_a_checkout_they_stand_beside_the_package(package: Path) -> None:
    (package.parent / "rules").mkdir()
    (package.parent / "pyproject.toml").touch()
    assert shipped("rules") == package.parent / "rules"


def test_a_strangers_directory_beside_the_package_is_not_taken(package: Path) -> None:
    (package.parent / "rules").mkdir()
    with pytest.raises(K8snetLintError, match="the directory 'rules' is missing from the installation in"):
        shipped("rules")
