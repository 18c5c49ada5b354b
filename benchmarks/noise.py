"""`python -m benchmarks.noise DIR [--preset NAME] [--save FILE] [--before FILE]`: how much is said.

Every directory in DIR is one repository, checked alone and without configuration. A table says what each rule finds in
all of them, by severity, and per hundred objects. `--save` keeps the counts; `--before` adds those of an earlier run.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

COLUMNS = ("error", "warning", "note", "absence note")


class Noise(NamedTuple):
    """What was said about some repositories.

    Shapes: `said` are counts by rule and column; `objects` is how many objects were judged.
    """

    said: dict[str, dict[str, int]]
    objects: int
    repositories: int

    def of(self, rule: str) -> int:
        """All that a rule says."""
        return sum(self.said.get(rule, {}).values())

    def per_hundred(self, count: int) -> float:
        """A count of findings in relation to the objects."""
        return 100 * count / self.objects if self.objects else 0.0


def counted(reports: Sequence[Mapping[str, object]]) -> Noise:
    """The findings of reports in JSON, those that were accepted left out."""
    said: Counter[tuple[str, str]] = Counter()
    objects = 0
    for report in reports:
        findings, scanned = report["findings"], report["scanned"]
        if isinstance(findings, list) and isinstance(scanned, dict):
            said.update((each["rule"], _column(each)) for each in findings if not each["suppressed"])
            objects += sum(scanned["objects"].values())
    by_rule: dict[str, dict[str, int]] = {}
    for (rule, column), count in said.items():
        by_rule.setdefault(rule, {})[column] = count
    return Noise(by_rule, objects, len(reports))


def _column(finding: Mapping[str, object]) -> str:
    return "absence note" if finding["absence"] and finding["severity"] == "note" else str(finding["severity"])


def table(noise: Noise, before: Noise | None = None) -> Iterator[str]:
    """The lines of a Markdown table, the loudest rule first."""
    head = ("rule", *COLUMNS, "all", "per 100 objects", *(("before",) if before else ()))
    yield f"| {' | '.join(head)} |"
    yield f"|---{'|---:' * (len(head) - 1)}|"
    rules = {*noise.said, *(before.said if before else ())}
    for rule in sorted(rules, key=lambda each: (-noise.of(each), each)):
        yield _row(rule, noise.said.get(rule, {}), noise, before.of(rule) if before else None)
    total = Counter[str]()
    for counts in noise.said.values():
        total.update(counts)
    yield _row("all", total, noise, sum(map(before.of, before.said)) if before else None)


def _row(name: str, counts: Mapping[str, int], noise: Noise, before: int | None) -> str:
    every = sum(counts.values())
    numbers = (*(counts.get(column, 0) for column in COLUMNS), every)
    earlier = () if before is None else (str(before),)
    return f"| {' | '.join((name, *map(str, numbers), f'{noise.per_hundred(every):.2f}', *earlier))} |"


def report(directory: Path, preset: str) -> dict[str, object]:
    """What the command says of one repository."""
    command = [sys.executable, "-m", "k8snet_lint", "check", str(directory), "--no-config"]
    options = ["--preset", preset, "--format", "json"]
    done = subprocess.run([*command, *options], capture_output=True, check=False)
    if done.returncode not in (0, 1, 3):
        message = f"{directory} ends with {done.returncode}: {done.stderr.decode(errors='replace')[-400:]}"
        raise RuntimeError(message)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def main(arguments: Sequence[str]) -> int:
    """The exit code of the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.noise", description="how much is said about DIR")
    parser.add_argument("directory", type=Path, metavar="DIR", help="a directory of repositories")
    parser.add_argument("--preset", default="recommended", help="the rules to ask (default: %(default)s)")
    parser.add_argument("--save", type=Path, metavar="FILE", help="keep the counts here, as JSON")
    parser.add_argument("--before", type=Path, metavar="FILE", help="counts that an earlier run has saved")
    chosen = parser.parse_args(arguments)
    directories = sorted(each for each in chosen.directory.iterdir() if each.is_dir())
    noise = counted([report(each, chosen.preset) for each in directories])
    before = Noise(**json.loads(chosen.before.read_text(encoding="utf-8"))) if chosen.before else None
    if chosen.save:
        chosen.save.write_text(json.dumps(noise._asdict()), encoding="utf-8")
    print(f"{noise.repositories} repositories, {noise.objects} objects, preset `{chosen.preset}`\n")
    print("\n".join(table(noise, before)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
