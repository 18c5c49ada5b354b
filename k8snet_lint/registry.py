"""Rules found, loaded, checked and selected; the shipped directory and a user's go through the same function."""

from __future__ import annotations

import importlib.util
import os
import sys
from typing import TYPE_CHECKING, Any, TypeVar

from k8snet_lint.cached import cached_property
from k8snet_lint.declare import Preset, Rule
from k8snet_lint.errors import ConfigError, RuleError
from k8snet_lint.nearest import did_you_mean, listed, nearest
from k8snet_lint.record import NamedTuple
from k8snet_lint.shipped import shipped_path

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from k8snet_lint.config import Config

T = TypeVar("T")


class RuleFile(NamedTuple):
    """A file that declares a rule, which its name and its folder's tell before it is loaded."""

    path: str
    subject: str
    name: str

    @property
    def id(self) -> str:
        return self.name.replace("_", "-")


class Registry:
    """Every known rule by id; `resolve` also knows the ids that rules once had.

    Those in `files` are loaded when they are first asked for: most runs have nothing that half of them could judge.
    """

    def __init__(self, rules: Iterable[Rule] = (), files: Iterable[RuleFile] = ()) -> None:
        self._loaded: dict[str, Rule] = {}
        self._files = {each.id: each for each in files}
        for each in rules:
            other = self._loaded[each.id].file if each.id in self._loaded else self._file(each.id)
            if other:
                message = f"two files declare the rule '{each.id}': {other} and {each.file}"
                raise RuleError(message, help="rename one of the files: the file name is the rule's id")
            self._loaded[each.id] = each

    def _file(self, rule_id: str) -> str:
        return self._files[rule_id].path if rule_id in self._files else ""

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """All of them, by id."""
        own = [each for each in self._loaded if each not in self._files]
        return {rule_id: self.rule(rule_id) for rule_id in (*self._files, *own)}

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id. Raises KeyError where there is none."""
        if rule_id not in self._loaded:
            self._loaded[rule_id] = _load(self._files[rule_id])
        return self._loaded[rule_id]

    @cached_property
    def ids(self) -> dict[str, str]:
        """The subject of each rule, by the id that it has today."""
        files = {each.id: each.subject for each in self._files.values()}
        return {**files, **{each.id: each.subject for each in self._loaded.values()}}

    def current(self, name: str) -> str:
        """The id of today of the rule that has or had that one; the name itself where none had."""
        if name in self.ids:
            return name
        return next((each.id for each in self.rules.values() if name in each.aliases), name)

    def resolve(self, name: str, where: str = "") -> Rule:
        """The rule of that id or former id.

        Raises RuleError where there is none, naming the nearest known ones.
        """
        rule_id = self.current(name)
        if rule_id in self.ids:
            return self.rule(rule_id)
        before = where and f"{where}: "
        if name in self.ids.values():
            message = f"{before}'{name}' is a subject, which is many rules, and no rule"
            raise RuleError(message, help=f"name one of its rules; 'k8snet-lint rules' lists them under '{name}:'")
        message = f"{before}unknown rule '{name}'{did_you_mean(name, self.ids)}"
        raise RuleError(message, help="'k8snet-lint rules' lists all rules")

    def named(self, names: Sequence[str]) -> frozenset[str]:
        """The ids of the rules that ids, former ids and subjects name."""
        return frozenset(rule_id for name in names for rule_id in self._named(name))

    def by_id(self, settings: Mapping[str, T]) -> dict[str, T]:
        """Settings that a configuration gives by id or former id, by the ids of today."""
        return {self.current(name): value for name, value in settings.items()}

    def check(self, config: Config) -> None:
        """Raise RuleError for the first rule that a configuration names and that does not exist."""
        for key in ("select", "ignore"):
            for index, name in enumerate(getattr(config, key)):
                self._check(name, config.where((key, index)))
        for key in ("severity", "options"):
            for name in getattr(config, key):
                self.resolve(name, config.where((key, name)))
        for index, override in enumerate(config.overrides):
            for key in ("select", "ignore", "severity"):
                for name in getattr(override, key):
                    self._check(name, config.where(("overrides", index, key)))

    def _check(self, name: str, where: str) -> None:
        """Raise RuleError for what is neither a rule's id nor a subject."""
        subjects = set(self.ids.values())
        if name in subjects or self.current(name) in self.ids:
            return
        near = (*(f"the subject '{each}'" for each in nearest(name, subjects)), *map(repr, nearest(name, self.ids)))
        asked = f"; did you mean {listed(near)}?" if near else ""
        message = f"{where and where + ': '}unknown rule or subject '{name}'{asked}"
        raise RuleError(message, help="'k8snet-lint rules' lists all rules by their subjects")

    def selected(self, config: Config, idle: Collection[str] = ()) -> tuple[Rule, ...]:
        """The rules that a configuration asks for, sorted by id; a subject's name stands for all its rules.

        Those of the `idle` subjects, which have nothing to judge, are left where they are, but for the user's own.
        """
        chosen = {each.id for each in self._files.values() if each.subject not in idle} | {*self._loaded}
        if config.select:
            chosen &= self.named(config.select)
        chosen -= self.named(config.ignore)
        rules = (self.rule(rule_id) for rule_id in sorted(chosen))
        return tuple(rule for rule in rules if config.select or Preset(config.preset) in rule.presets)

    def _named(self, name: str) -> Iterator[str]:
        subject = [rule_id for rule_id, known in self.ids.items() if known == name]
        yield from subject or (self.resolve(name).id,)


def load(directories: Sequence[Path] = ()) -> Registry:
    """The shipped rules and those of the user's directories.

    Raises RuleError for a directory that is not there or holds no rules, and for a file of the user's that is not one
    well-formed rule. Rules are code: directories must come from the command line, or from a configuration that it
    names.
    """
    own = (_load(file) for directory in directories for file in _rule_files(str(directory)))
    return Registry(own, _rule_files(shipped_path("rules")))


def _rule_files(directory: str) -> Sequence[RuleFile]:
    if not os.path.isdir(directory):
        raise RuleError(f"no rules directory '{directory}'", help="name a directory that holds <subject>/<rule_id>.py")
    try:
        found = list(_python_files(directory))
    except OSError as error:
        message = f"the rules directory '{directory}' cannot be read: {error.strerror}"
        raise RuleError(message, help="see who may read it and what it holds") from error
    if not found:
        message = f"no rules in the directory '{directory}'; expected files <subject>/<rule_id>.py in it"
        raise RuleError(message, help="put each rule into a folder that is named for its subject")
    return found


def _python_files(directory: str) -> Iterator[RuleFile]:
    with os.scandir(directory) as entries:
        subjects = sorted((entry.name, entry.path) for entry in entries if entry.is_dir())
    for subject, path in subjects:
        for name in sorted(os.listdir(path)):
            if name.endswith(".py") and not name.startswith("_"):
                yield RuleFile(os.path.join(path, name), subject, name.removesuffix(".py"))


def _load(file: RuleFile) -> Rule:
    name, path = f"k8snet_lint_rules.{file.subject}.{file.name}", file.path
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise RuleError(f"{path}: not a Python file", help="a rule is a .py file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        place = _innermost(error, path)
        message = f"{place}: the rule file does not load: {type(error).__name__}: {error}"
        raise RuleError(message, help="mend the file, or take it out of the directory") from error
    found = [value for value in vars(module).values() if isinstance(value, Rule)]
    if len(found) != 1:
        message = f"{path}: {len(found)} rules in one file; expected exactly one"
        raise RuleError(message, help="declare one check with @rule in each file")
    if not found[0].docs.strip() and not sys.flags.optimize:
        raise RuleError(f"{path}: the rule has no page", help="start the file with a docstring: summary, why, examples")
    return found[0]


def _innermost(error: BaseException, path: str) -> str:
    """The file:line of the rule's own code that raised; the import system names files by absolute paths."""
    own = (path, os.path.join(os.getcwd(), path))
    if isinstance(error, SyntaxError) and error.filename in own:
        return f"{path}:{error.lineno}"
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in own:
            line = trace.tb_lineno
        trace = trace.tb_next
    return f"{path}:{line}" if line else path


def options_of(rule: Rule, written: Mapping[str, Any], where: str) -> object | None:
    """A rule's options: its defaults with what the configuration says; None for a rule without options.

    `where` is the file:line:column of the configuration. Raises ConfigError for an unknown option or a wrong type.
    """
    if rule.options is None:
        if written:
            raise ConfigError(f"{where}: rule '{rule.id}' has no options", help="delete the entry")
        return None
    defaults = {name.replace("_", "-"): default for name, default in rule.defaults.items()}
    values = {}
    for key, value in written.items():
        if key not in defaults:
            message = f"{where}: rule '{rule.id}' has no option '{key}'{did_you_mean(key, defaults)}"
            raise ConfigError(message, help=f"its options are {', '.join(sorted(defaults))}")
        values[key.replace("-", "_")] = _option(rule, key, defaults[key], value, where)
    options: object = rule.options(**values)
    return options


def _option(rule: Rule, key: str, default: object, value: object, where: str) -> object:
    if isinstance(default, tuple):
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        expected = "a list of strings"
    elif type(value) is type(default):
        return value
    else:
        expected = {bool: "true or false", int: "a whole number", str: "a string"}[type(default)]
    message = f"{where}: option '{key}' of rule '{rule.id}' is {value!r}; expected {expected}"
    raise ConfigError(message, help=f"its default is {default!r}")
