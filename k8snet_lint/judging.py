"""Rules over worlds: each rule over every one, but over what worlds share once where the rest of a world is no matter.

A rule of LOCAL evidence that asks nothing but resources by themselves is run once over all that worlds share. Any other
of ours is run once over what no alternative touches, and for every world over what is left. Where a rule asks for more
than a part can tell, be it what is missed in several parts and told once for all, it is worked out world by world.

Where there is much to judge, the rules that ask what policies do are run in a process of their own: working that out
takes as long as all other rules together.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from k8snet_lint.crashing import crash_of
from k8snet_lint.declare import Evidence
from k8snet_lint.graph import Alone
from k8snet_lint.record import NamedTuple
from k8snet_lint.shares import Share, Trial
from k8snet_lint.stamp import Stamp
from k8snet_lint.views import Views

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from k8snet_lint.declare import Problem, Rule, Severity
    from k8snet_lint.graph import Graph
    from k8snet_lint.graph.parts.parts import Parts
    from k8snet_lint.loader import Loaded, World
    from k8snet_lint.report import Crash, Finding
    from k8snet_lint.resource import Resource
    from k8snet_lint.views import Found


MANY = 500
"""So many objects are worth a second process."""


class Settings(NamedTuple):
    """How rules are run.

    Shapes: `options` are the rules' own by rule id, where there are any; without `pedantic`, what only a strict run
    is to say is left out.
    """

    severities: Mapping[str, Severity]
    options: Mapping[str, object | None]
    pedantic: bool


class Judged(NamedTuple):
    """What came of running rules; `times` are seconds, by rule."""

    findings: Sequence[Finding]
    crashed: tuple[Crash, ...]
    times: Mapping[str, float]


class _Told(NamedTuple):
    """What rules that were run in another process have found."""

    found: Found
    crashed: set[Crash]
    times: dict[str, float]


def _goes_aside(rule: Rule) -> bool:
    return rule.is_shipped and rule.asks_effects


def _is_local(rule: Rule) -> bool:
    return rule.evidence is Evidence.LOCAL


def _is_shipped(rule: Rule) -> bool:
    return rule.is_shipped


def _is_made(graph: Graph | Alone, problem: Problem) -> bool:
    """Whether a problem is of pods that a workload of the world makes, as those of a cluster are: it has it itself."""
    owner = graph.owner(problem.at)
    return owner is not None and graph.is_made(owner)


def _alone(graph: Graph, held: Callable[[Resource], bool]) -> Alone:
    """Some resources of a world one by one."""
    return Alone(filter(held, graph.resources), graph.facts, graph.definitions)


class Judging:
    """Runs rules over the worlds of what was loaded, and collects what they find.

    Whole worlds are judged one after the other; `seen` is shown each, by its number, while all that is worked out of it
    is still known.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        loaded: Loaded,
        graphs: Sequence[Graph],
        settings: Settings,
        parts: Parts | None = None,
        seen: Callable[[int, Graph], None] | None = None,
    ) -> None:
        self._rules = rules
        self._settings = settings
        self._worlds = tuple(zip(loaded.worlds, graphs, strict=True))
        self._graphs = {world.name: graph for world, graph in self._worlds}
        self._stamps = [Stamp(settings.severities) for _ in graphs]
        self._alone = tuple(self._one_by_one()) if len(graphs) > 1 else ()
        self._parts = tuple(self._parted(parts)) if parts else ()
        self._sources = loaded.sources
        self._seen = seen
        self._views = Views(rules, loaded, settings.severities)
        self._crashed: set[Crash] = set()
        self._times: dict[str, float] = {}

    def result(self) -> Judged:
        """What the rules find, each place once, which of them failed, and how long each took."""
        told = self._told_aside()
        if told is None:
            self._run_all(self._rules)
        else:
            self._run_all(rule for rule in self._rules if not _goes_aside(rule))
            self._take(told())
        crashed = sorted(self._crashed, key=lambda crash: (crash.rule, crash.where, crash.message))
        return Judged(self._views.merged(), tuple(crashed), self._times)

    def _told_aside(self) -> Callable[[], _Told | None] | None:
        """Begin to run the rules that ask what policies do in another process; None where that would not pay."""
        if sum(len(graph.resources) for _, graph in self._worlds) < MANY:
            return None
        from k8snet_lint.forked import can_fork, forked  # noqa: PLC0415 - for much to judge only

        return forked(self._tell, self._sources) if can_fork() else None

    def _tell(self) -> _Told:
        self._seen = None
        self._run_all(filter(_goes_aside, self._rules))
        return _Told(self._views.found, self._crashed, self._times)

    def _take(self, told: _Told | None) -> None:
        if told is None:
            self._run_all(filter(_goes_aside, self._rules))
        else:
            self._views.of_another(told.found)
            self._crashed |= told.crashed
            self._times |= told.times

    def _run_all(self, rules: Iterable[Rule]) -> None:
        """Run rules over as few resources as each can do with, and over the worlds that this tells nothing of.

        Each world is let go before the next: together, what is worked out of hundreds takes a gigabyte.
        """
        untold = list(self._tried([rule for rule in rules if rule.check is not None]))
        for number, ((world, graph), stamp) in enumerate(zip(self._worlds, self._stamps, strict=True)):
            for rule, names in untold:
                if world.name in names:
                    self._judge(rule, world, graph, stamp)
            if self._seen is not None:
                self._seen(number, graph)
            if len(self._worlds) > 1:
                graph.forget()

    def _tried(self, rules: Sequence[Rule]) -> Iterator[tuple[Rule, frozenset[str]]]:
        """Run rules over what worlds share and what is left of each; gives back which must see which worlds whole."""
        self._times |= dict.fromkeys((rule.id for rule in rules), 0.0)
        everywhere = frozenset(world.name for world, _ in self._worlds)
        untold = dict.fromkeys((rule.id for rule in rules), everywhere)
        for shares, fits in ((self._alone, _is_local), (self._parts, _is_shipped)):
            trials = [Trial(rule) for rule in rules if shares and fits(rule) and untold[rule.id] == everywhere]
            for share in shares:
                for trial in trials:
                    self._try(trial, share)
                if len(share.worlds) == 1:
                    self._graphs[share.worlds[0].name].forget()
            for trial in trials:
                untold[trial.rule.id] = trial.tell(self._views)
        return ((rule, untold[rule.id]) for rule in rules)

    def _judge(self, rule: Rule, world: World, graph: Graph, stamp: Stamp) -> None:
        """Run a rule over a whole world."""
        start = perf_counter()
        try:
            for problem in self._problems(rule, graph):
                self._views.add((world,), graph.owner(problem.at), stamp.finding(rule, problem, graph))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - one rule's bug must not cost the others' findings; it is reported
            self._crashed.add(crash_of(rule, error))
        self._times[rule.id] += perf_counter() - start

    def _try(self, trial: Trial, share: Share) -> None:
        """Run a rule over a share, which may not be enough for it."""
        start, rule, graph = perf_counter(), trial.rule, share.resources
        try:
            problems = [(graph.owner(each.at), each) for each in self._problems(rule, graph)]
            trial.take(share, [(owner, share.stamp.finding(rule, each, graph)) for owner, each in problems])
        except (Exception, SystemExit):  # noqa: BLE001 - what fails so is run over the worlds, where failures are reported
            trial.give_up(share)
        self._times[rule.id] += perf_counter() - start

    def _problems(self, rule: Rule, graph: Graph | Alone) -> Iterator[Problem]:
        assert rule.check is not None  # noqa: S101 - those without one are not run
        options = self._settings.options[rule.id]
        found = rule.check(graph) if options is None else rule.check(graph, options)
        return (
            problem
            for problem in found
            if (self._settings.pedantic or not problem.pedantic) and not _is_made(graph, problem)
        )

    def _one_by_one(self) -> Iterator[Share]:
        """What all worlds share, and what each has for its own, whose findings are numbered after those."""
        worlds = tuple(world for world, _ in self._worlds)
        shared = {id(unit) for unit in worlds[0].shared}
        common = Stamp(self._settings.severities)
        for number, (world, graph) in enumerate(self._worlds):
            if shared and not number:
                yield Share(worlds, _alone(graph, lambda each: id(each.unit) in shared), common)
            yield Share((world,), _alone(graph, lambda each: id(each.unit) not in shared), common.after())

    def _parted(self, parts: Parts) -> Iterator[Share]:
        """The parts of the worlds, which have no findings of one name."""
        for numbers, part in parts.shares:
            worlds = tuple(self._worlds[number][0] for number in sorted(numbers))
            yield Share(worlds, part, Stamp(self._settings.severities), parts.seen)
