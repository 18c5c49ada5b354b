"""Which intents hold, as text, JSON, JUnit XML and SARIF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from k8snet_lint.answers.values import dumped
from k8snet_lint.connectivity.verification import Status
from k8snet_lint.declare import Severity
from k8snet_lint.fingerprint import Fingerprints
from k8snet_lint.report import Finding, Related, Report
from k8snet_lint.reporters.json_report import location_json
from k8snet_lint.reporters.plain import plain
from k8snet_lint.reporters.wording import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from k8snet_lint.connectivity.verification import Checked, Counterexample
    from k8snet_lint.reporters import Style

MUST = {"allowed": "must be allowed", "denied": "must be denied"}


def text(results: Sequence[Checked], style: Style) -> str:  # noqa: ARG001 - what only SARIF needs
    """A line an intent, below a failed one its counterexample and the lines that make it so."""
    lines = [line for each in results for line in _lines(each)]
    counts = [(word, sum(_word(each) == word for each in results)) for word in ("passed", "failed", "unknown")]
    said = ", ".join(f"{count} {word}" for word, count in counts if count)
    lines.append(f"{plural(len(results), 'intent')}: {said}" if results else "no intents")
    return "".join(f"{plain(line)}\n" for line in lines)


def _word(checked: Checked) -> str:
    """The status as it counts: an unknown intent that fails the run is a failed one."""
    return "failed" if checked.fails else checked.status.value


def _lines(checked: Checked) -> Iterator[str]:
    world = f" [{checked.world}]" if checked.world else ""
    place = f"  {checked.intent.location}" if checked.status is not Status.PASSED else ""
    yield f"{_word(checked):<8}{checked.intent.name}{world}{place}"
    if checked.message:
        yield f"        {checked.message}"
    if checked.counterexample is not None:
        yield f"        {sentence(checked.counterexample)}"
        for at in checked.counterexample.places:
            yield f"          {at.location}: {at.message}"


def sentence(example: Counterexample) -> str:
    """The counterexample in words."""
    connection = f"{example.source} -> {example.target} on {example.protocol} {example.port}"
    return f"{connection} is {example.verdict}, and {MUST[example.wanted]}"


def to_json(results: Sequence[Checked], style: Style) -> str:  # noqa: ARG001 - as above
    """Every intent with its status; `fails` says whether it makes the exit code 1."""
    return dumped({"intents": [_json(each) for each in results]})


def _json(checked: Checked) -> dict[str, object]:
    example = checked.counterexample
    return {
        "name": checked.intent.name,
        "kind": checked.intent.kind.value,
        "location": location_json(checked.intent.location),
        "world": checked.world,
        "status": checked.status.value,
        "fails": checked.fails,
        "message": checked.message,
        "counterexample": None
        if example is None
        else {
            "source": example.source,
            "target": example.target,
            "protocol": example.protocol,
            "port": example.port,
            "verdict": example.verdict.value,
            "wanted": example.wanted.value,
            "places": [{"location": location_json(at.location), "message": at.message} for at in example.places],
        },
    }


def junit(results: Sequence[Checked], style: Style) -> str:  # noqa: ARG001 - as above
    """A suite for the file of intents, a case for each of them in each world."""
    from xml.sax.saxutils import escape, quoteattr  # noqa: PLC0415 - one format of four

    def attribute(value: object) -> str:
        return quoteattr(_xml(str(value)))

    failures = sum(each.fails for each in results)
    suite = f'<testsuite name="k8snet-lint verify" tests="{len(results)}" failures="{failures}" errors="0"'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", f"  {suite}>"]
    for each in results:
        place = each.intent.location
        case = f"name={attribute(each.intent.name)} classname={attribute(each.world or place.source.name)}"
        where = f"file={attribute(place.source.name)} line={attribute(place.span.start.line)}"
        lines.append(f"    <testcase {case} {where}>")
        said = [line.strip() for line in [*_lines(each)][1:]]
        if each.fails:
            first = said[0] if said else each.status.value
            body = escape(_xml("\n".join(said)))
            lines.append(
                f"      <failure type={attribute(each.status.value)} message={attribute(first)}>{body}</failure>"
            )
        elif each.status is Status.UNKNOWN:
            lines.append(f"      <system-out>{escape(_xml(' '.join(said)))}</system-out>")
        lines.append("    </testcase>")
    return "\n".join([*lines, "  </testsuite>", "</testsuites>"]) + "\n"


def _xml(text: str) -> str:
    """Characters that XML has no way to write are left out."""
    return "".join(each for each in text if each in "\t\n" or (ord(each) >= 32 and not 0xFFFE <= ord(each) <= 0xFFFF))


def sarif(results: Sequence[Checked], style: Style) -> str:
    """A result for each intent that does not hold, at the first line that makes it so."""
    from k8snet_lint.reporters.sarif import render  # noqa: PLC0415 - the SARIF model takes long to import

    fingerprints = Fingerprints()
    found = []
    for each in results:
        if each.status is Status.PASSED:
            continue
        rule = "intent-failed" if each.status is Status.FAILED else "intent-unknown"
        example = each.counterexample
        places = example.places if example is not None else ()
        said = sentence(example) if example is not None else each.message
        world = f" in {each.world}" if each.world else ""
        related = [Related(at.location, at.message) for at in places[1:]]
        found.append(
            Finding(
                rule=rule,
                severity=Severity.ERROR if each.fails else Severity.NOTE,
                message=f"{each.intent.name}{world}: {said}",
                help="",
                resource=None,
                location=places[0].location if places else each.intent.location,
                path="",
                related=(Related(each.intent.location, "the intent"), *related),
                fingerprint=fingerprints.of(rule, None, (), [each.intent.name, each.world]),
            )
        )
    return render(Report(findings=tuple(found)), style)


FORMATS = {"text": text, "json": to_json, "junit": junit, "sarif": sarif}
