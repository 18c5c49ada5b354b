"""Which files are found below what was asked for, and under which names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from k8snet_lint.errors import UsageError
from k8snet_lint.loader import LoadOptions
from k8snet_lint.loader.globs import compile_globs
from k8snet_lint.loader.names import shown
from k8snet_lint.loader.walk import walk
from tests.trees import loaded, plant, service, skipped_in

pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


def found(*targets: str, exclude: tuple[str, ...] = ()) -> list[str]:
    return [file.name for file in walk(targets or ["."], LoadOptions(exclude=exclude)).files]


def test_yaml_and_json_files_are_found_at_any_depth_and_sorted() -> None:
    plant(dict.fromkeys(("b.yaml", "a/c.yml", "a/b/d.json", "e.YAML", "note.txt", "a/Kustomization", "yaml"), ""))
    assert found() == ["a/Kustomization", "a/b/d.json", "a/c.yml", "b.yaml", "e.YAML"]


def test_hidden_entries_and_installed_packages_are_left_out() -> None:
    plant(dict.fromkeys((".git/a.yaml", ".x.yaml", "node_modules/p/a.yaml", "CVS/a.yaml", "vendor/a.yaml"), ""))
    tree = walk(["."], LoadOptions())
    assert [file.name for file in tree.files] == ["vendor/a.yaml"]
    assert [(one.reason, one.names) for one in tree.skipped] == [
        ("installed packages or version control", ("CVS", "node_modules"))
    ]


def test_what_is_named_is_taken_whatever_it_is_called() -> None:
    plant({"manifest.txt": service("web"), ".hidden/a.yaml": service("api")})
    assert found("manifest.txt", ".hidden") == [".hidden/a.yaml", "manifest.txt"]


@pytest.mark.parametrize(
    ("glob", "left"),
    [
        ("a.yaml", ["b.yaml", "x/b.yaml", "x/y/b.yaml"]),
        ("x/", ["a.yaml", "b.yaml"]),
        ("a.yaml/", ["a.yaml", "b.yaml", "x/a.yaml", "x/b.yaml", "x/y/a.yaml", "x/y/b.yaml"]),
        ("x/a.yaml", ["a.yaml", "b.yaml", "x/b.yaml", "x/y/a.yaml", "x/y/b.yaml"]),
        ("/a.yaml", ["b.yaml", "x/a.yaml", "x/b.yaml", "x/y/a.yaml", "x/y/b.yaml"]),
        ("x/*.yaml", ["a.yaml", "b.yaml", "x/y/a.yaml", "x/y/b.yaml"]),
        ("x/**", ["a.yaml", "b.yaml"]),
        ("**/y/a.yaml", ["a.yaml", "b.yaml", "x/a.yaml", "x/b.yaml", "x/y/b.yaml"]),
        ("x/**/a.yaml", ["a.yaml", "b.yaml", "x/b.yaml", "x/y/b.yaml"]),
        ("[!a].yaml", ["a.yaml", "x/a.yaml", "x/y/a.yaml"]),
        ("?", ["a.yaml", "b.yaml"]),
    ],
)
def test_exclude_globs_read_as_in_gitignore(glob: str, left: list[str]) -> None:
    plant({f"{directory}{name}.yaml": "" for directory in ("", "x/", "x/y/") for name in "ab"})
    assert found(exclude=(glob,)) == left


def test_what_a_glob_excludes_is_counted() -> None:
    plant({"old/a.yaml": "", "old/b.yaml": "", "new/a.yaml": service("web")})
    assert skipped_in(loaded(exclude=("old/",)))["excluded"] == (1, ("old",))


def test_globs_hold_from_their_directory_and_from_the_argument() -> None:
    plant({"deploy/test/a.yaml": "", "deploy/b.yaml": ""})
    assert (
        found("deploy", exclude=("test/a.yaml",))
        == found("deploy", exclude=("deploy/test/a.yaml",))
        == ["deploy/b.yaml"]
    )


def test_an_argument_is_never_excluded() -> None:
    plant({"old/a.yaml": "", "b.yaml": ""})
    assert found("old", "b.yaml", exclude=("old", "b.yaml")) == ["b.yaml", "old/a.yaml"]


@pytest.mark.parametrize("glob", ["/", "", "[z-a]"])
def test_a_glob_that_is_none_is_refused(glob: str) -> None:
    with pytest.raises(UsageError, match=r"names no file|is no file pattern"):
        found(exclude=(glob,))


def test_a_file_is_read_once_however_often_it_is_reached() -> None:
    plant({"a/b/c.yaml": service("web")})
    Path("a/link.yaml").symlink_to("b/c.yaml")
    Path("a/again").symlink_to("b")
    assert found("a/b/c.yaml", "a", "a/b", "./a") == ["a/b/c.yaml"]


def test_links_within_the_tree_are_followed_and_others_said() -> None:
    plant({"a/.data/c.yaml": "", "elsewhere/x.yaml": ""})
    Path("a/c.yaml").symlink_to(".data/c.yaml")
    Path("a/out.yaml").symlink_to("../elsewhere/x.yaml")
    Path("a/out").symlink_to("../elsewhere")
    Path("a/gone.yaml").symlink_to("nothing.yaml")
    Path("a/note.txt").symlink_to("../elsewhere/note.txt")
    tree = walk(["a"], LoadOptions())
    assert [file.name for file in tree.files] == ["a/c.yaml"]
    assert {one.reason: one.names for one in tree.skipped} == {
        "symbolic link out of the scanned directory": ("a/out", "a/out.yaml"),
        "symbolic link to nothing": ("a/gone.yaml",),
    }


def test_links_in_a_circle_end() -> None:
    plant({"a/b/c.yaml": ""})
    Path("a/b/up").symlink_to("..")
    Path("a/self.yaml").symlink_to("self.yaml")
    assert found("a") == ["a/b/c.yaml"]


def test_a_link_that_is_named_is_followed_and_keeps_its_name() -> None:
    plant({"real/c.yaml": ""})
    Path("link").symlink_to("real")
    assert found("link") == ["link/c.yaml"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_in_a_directory_is_said_not_read() -> None:
    os.mkfifo("pipe.yaml")
    assert skipped_in(loaded()) == {"neither file nor directory": (1, ("pipe.yaml",))}


def test_a_missing_target_is_unread_and_near_names_are_told() -> None:
    plant({"deploy/web.yaml": service("web")})
    (missing,) = loaded("deploi", "deploy").unread
    assert (missing.name, missing.message, missing.help) == (
        "deploi",
        "no such file or directory",
        "did you mean 'deploy'?",
    )


def test_an_empty_target_is_quoted_and_hides_no_other() -> None:
    plant({"a.yaml": service("web")})
    assert [str(unread) for unread in loaded("", ".").unread] == ["'': an empty path names no file"]
    assert found("", ".") == ["a.yaml"]


def test_a_missing_target_like_no_other_says_what_to_check() -> None:
    (missing,) = loaded("nowhere/at/all.yaml").unread
    assert missing.help == "check the path and the working directory"


@pytest.mark.parametrize("target", ["a", "./a", "a/", "a/../a", "../work/a", os.curdir + "/a//"])
def test_a_file_has_one_name_however_its_argument_is_spelt(target: str) -> None:
    plant({"a/b.yaml": ""})
    assert found(target) == ["a/b.yaml"]
    assert found(str(Path(target).resolve())) == ["a/b.yaml"]


def test_what_lies_outside_of_the_working_directory_has_its_absolute_name(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.yaml").touch()
    expected = [f"{(tmp_path / 'other' / 'a.yaml').as_posix()}"]
    assert found("../other") == found(str(tmp_path / "other")) == expected


def test_the_working_directory_itself_is_a_dot() -> None:
    assert shown(".") == shown("./") == shown(str(Path.cwd())) == "."


def test_the_order_of_arguments_does_not_matter() -> None:
    plant({"a/b.yaml": "", "a/c/d.yaml": "", "e.yaml": ""})
    one = walk(["e.yaml", "a/c", "a"], LoadOptions())
    assert one.files == walk(["a", "a/c", "e.yaml"], LoadOptions()).files
    assert {file.argument for file in one.files} == {"a", "e.yaml"}


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything is readable here")
def test_a_directory_without_permission_is_unread() -> None:
    plant({"a/b/c.yaml": "", "a/d.yaml": ""})
    Path("a/b").chmod(0)
    try:
        assert [str(one) for one in loaded("a").unread] == ["a/b: permission denied"]
    finally:
        Path("a/b").chmod(0o755)


@pytest.mark.skipif(os.name == "nt" or os.uname().sysname == "Darwin", reason="file names are text here")
def test_a_name_that_is_no_text_can_be_shown() -> None:
    Path(os.fsdecode(b"caf\xe9.yaml")).write_text(service("web"))
    assert found() == ["caf\ufffd.yaml"]


def test_a_hostile_glob_costs_no_more_than_its_length() -> None:
    pattern = compile_globs(["*a" * 12 + "b"])
    assert pattern is not None
    assert pattern.fullmatch("a" * 200 + ".yaml") is None
    assert pattern.fullmatch("a" * 200 + "b") is not None


def test_a_hostile_glob_of_many_directories_costs_no_more_than_its_length() -> None:
    pattern = compile_globs(["**/a/" * 12 + "**/b"])
    assert pattern is not None
    assert pattern.fullmatch("a/" * 200 + "c") is None
    assert pattern.fullmatch("a/" * 200 + "b") is not None


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("**/a/*/b/**/c", "a/a/x/b/c", True),
        ("**/a/*/b/**/c", "a/x/y/b/c", False),
        ("a/**/b/**/b/c", "a/b/b/b/c", True),
        ("a/**/b/**/b/c", "a/b/c", False),
        ("**/a/**/a/**", "a/x/a/y/z", True),
        ("**/a/**/a/**", "x/a/y/z", False),
    ],
)
def test_what_stands_between_two_stars_may_be_found_anywhere(glob: str, path: str, *, matches: bool) -> None:
    pattern = compile_globs([glob])
    assert pattern is not None
    assert (pattern.fullmatch(path) is not None) is matches
