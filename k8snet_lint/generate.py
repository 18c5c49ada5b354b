"""`python -m k8snet_lint.generate [--check]`: writes, in a checkout, what is made from the rules.

The pages and the index under `docs/rules/`, the options of rules in `schemas/config.schema.json`, the keys in
`docs/configuration.md`, the rules that `docs/comparison.md` compares with nothing, and what is printed for `examples/`,
whole beside them and in part in the README.
With `--check` it writes nothing, names what is stale, and ends with exit code 1 if anything is.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from k8snet_lint import docs, registry
from k8snet_lint.marked import replaced
from k8snet_lint.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from k8snet_lint.declare import Rule

COMMAND = "python -m k8snet_lint.generate"

_INDEX = """\
# Rules

Every rule of k8snet-lint by its subject; `k8snet-lint explain RULE` prints a page. Severity is the default one.
Evidence is what a rule has to see before it speaks: one object (local), two that disagree (contradiction), or that
something is not there (absence), which is a note unless the scanned files should hold it. The presets are
`recommended`, which is the default, `strict`, which holds all rules, and `security`.

[The comparison with other linters](../comparison.md) leads from their checks to these rules.

In the examples on the pages, `# finding` at the end of a line marks what the rule points to.

"""
_OPTIONS = '\n    "options": '


def generated(root: Path) -> dict[Path, str]:
    """The text of every generated file, by its path in the checkout at `root`."""
    rules = sorted(registry.load().rules.values(), key=lambda rule: (rule.subject, rule.id))
    pages = root / "docs" / "rules"
    schema = root / "schemas" / "config.schema.json"
    options = _with_options(schema.read_text(encoding="utf-8"), rules)
    printed = _printed(root)
    comparison = root / "docs" / "comparison.md"
    rest = docs.comparison_rest(rules, replaced(comparison.read_text(encoding="utf-8"), "alone", ""))
    return {
        pages / "README.md": _INDEX + docs.rule_table(rules),
        **{pages / rule.subject / f"{rule.id}.md": docs.explain(rule) for rule in rules},
        schema: options,
        **_marked(root / "docs" / "configuration.md", "keys", docs.keys_table(json.loads(options))),
        **_marked(comparison, "alone", rest),
        **_marked(root / "README.md", "examples", f"```\n{_shortened(printed)}```\n"),
        root / "examples" / "OUTPUT.txt": printed,
    }


def _marked(path: Path, name: str, content: str) -> dict[Path, str]:
    return {path: replaced(path.read_text(encoding="utf-8"), name, content)}


def _printed(root: Path) -> str:
    """What a user sees who runs the command on `examples/`."""
    command = [sys.executable, "-m", "k8snet_lint", "check", "--color", "never", "examples"]
    done = subprocess.run(command, cwd=root, capture_output=True, check=False)  # noqa: S603 - our own program
    return (done.stdout + done.stderr).decode("utf-8").replace("\r\n", "\n")


def _shortened(printed: str) -> str:
    """The findings of the first file and the closing lines."""
    blocks = printed.split("\n\n")
    second = [number for number, block in enumerate(blocks) if block.startswith("==> ")][1]
    return "\n\n".join([*blocks[:second], "…", blocks[-1]])


def stale(root: Path) -> tuple[Path, ...]:
    """The files that differ from what would be generated, and the pages whose rules are gone."""
    wanted = generated(root)
    differing = [
        path for path, text in wanted.items() if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    return (*differing, *(path for path in _pages(root) if path not in wanted))


def write(root: Path) -> tuple[Path, ...]:
    """Bring every generated file up to date; the paths that changed."""
    changed, wanted = stale(root), generated(root)
    for path in changed:
        if path in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path], encoding="utf-8", newline="\n")
        else:
            path.unlink()
    return changed


def _pages(root: Path) -> Iterator[Path]:
    yield from sorted((root / "docs" / "rules").glob("*/*.md"))


def _with_options(schema: str, rules: Sequence[Rule]) -> str:
    """The schema's text with the options of rules in place of those that it holds; the rest stays as it is written."""
    start = schema.index(_OPTIONS) + len(_OPTIONS)
    options, length = json.JSONDecoder().raw_decode(schema[start:])
    options["properties"] = {rule.id: docs.options_schema(rule) for rule in rules if rule.options is not None}
    text = json.dumps(options, indent=2, ensure_ascii=False).replace("\n", "\n    ")
    return f"{schema[:start]}{text}{schema[start + length :]}"


def main(arguments: Sequence[str]) -> int:
    """The exit code of the command."""
    root = shipped("rules").parent
    check = list(arguments) == ["--check"]
    if arguments and not check:
        sys.stderr.write(f"unknown argument {arguments[0]!r}; usage: {COMMAND} [--check]\n")
        return 2
    changed = stale(root) if check else write(root)
    for path in changed:
        sys.stdout.write(f"{'stale' if check else 'written'}: {path.relative_to(root).as_posix()}\n")
    if check and changed:
        sys.stderr.write(f"help: run {COMMAND}\n")
    return int(check and bool(changed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
