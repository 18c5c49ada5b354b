from __future__ import annotations

import importlib.util
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from k8snet_lint import shipped as module
from k8snet_lint.errors import K8snetLintError
from k8snet_lint.shipped import shipped

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the module in a package directory of its own."""
    package = tmp_path / "site" / "k8snet_lint"
    package.mkdir(parents=True)
    shutil.copy(module.__file__, package)
    return package


def asked(package: Path, name: str) -> Path:
    """What the package's copy of the module answers."""
    spec = importlib.util.spec_from_file_location("copied", package / "shipped.py")
    assert spec is not None
    assert spec.loader is not None
    copied: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(copied)
    answer: Path = copied.shipped(name)
    return answer


def test_this_installation_ships_its_schemas() -> None:
    assert (shipped("schemas") / "config.schema.json").is_file()


def test_an_installed_package_holds_them(package: Path) -> None:
    (package / "rules").mkdir()
    (package.parent / "rules").mkdir()
    assert asked(package, "rules") == package / "rules"


def test_in_a_checkout_they_stand_beside_the_package(package: Path) -> None:
    (package.parent / "rules").mkdir()
    (package.parent / "pyproject.toml").touch()
    assert asked(package, "rules") == package.parent / "rules"


def test_a_strangers_directory_beside_the_package_is_not_taken(package: Path) -> None:
    (package.parent / "rules").mkdir()
    with pytest.raises(K8snetLintError, match="the directory 'rules' is missing from the installation in"):
        asked(package, "rules")
