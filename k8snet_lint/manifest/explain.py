"""What a parser of YAML or JSON stumbles over → what is wrong, in the reader's words.

The wording of both libyaml and PyYAML's own parser is understood; only the file at fault pays for it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from yaml.error import MarkedYAMLError

from k8snet_lint.manifest.problem import Refused
from k8snet_lint.manifest.trouble import Trouble

if TYPE_CHECKING:
    import json
    from collections.abc import Callable

    from yaml.error import Mark, YAMLError

_QUOTE = "put the value in quotes"


def explain(error: YAMLError | UnicodeEncodeError, text: str) -> Refused:
    """Why `text` is no YAML; places are relative to it."""
    lines = re.split("\r\n|[\n\r\x85\u2028\u2029]", text)
    conflict = next((number for number, line in enumerate(lines) if line.startswith("<<<<<<< ")), None)
    if conflict is not None:
        return Refused("a merge conflict is left in the text", "resolve the conflict", conflict, 0, 7)
    if not isinstance(error, MarkedYAMLError):
        return _control_character(lines)
    trouble = Trouble(
        lines=lines,
        mark=_position(error.problem_mark) or _position(error.context_mark) or (0, 0),
        begin=_position(error.context_mark),
        problem=error.problem or "",
    )
    said = f"{error.context or ''}: {error.problem or ''}"
    for pattern, rule in _RULES:
        if re.search(pattern, said):
            return rule(trouble)
    return trouble.refused(f"this is no YAML: {error.problem}", "compare the line with the ones above it")


def explain_json(error: json.JSONDecodeError) -> Refused:
    """Why a text that looks like JSON is none; places are relative to it."""
    lines = re.split("\r\n|[\n\r\x85\u2028\u2029]", error.doc)
    before = re.split("\r\n|[\n\r\x85\u2028\u2029]", error.doc[: error.pos])
    trouble = Trouble(lines, (len(before) - 1, len(before[-1])), None, error.msg)
    if trouble.at_end and "Unterminated" not in error.msg:
        return trouble.refused("the text ends in the middle of a JSON value", "close what is open, or restore the rest")
    shown = trouble.word or "the end of the line"
    for said, message, help_ in _JSON_WORDS:
        if said in error.msg:
            return trouble.refused(message.format(shown), help_, width=len(trouble.word))
    return trouble.refused(f"`{shown}` is not expected here: {error.msg}", "mend the JSON")


_JSON_WORDS = (
    ("property name", "`{}` stands where a key in double quotes belongs", "quote the key, or drop the comma before it"),
    ("':' delimiter", "`{}` stands where a `:` belongs", "write `:` between key and value"),
    ("',' delimiter", "`{}` stands where a `,` or a closing bracket belongs", "part the items by commas"),
    ("Unterminated string", "the string that starts here is never closed", 'close it with `"`'),
    ("Invalid control character", "a string holds a line break or a control character", r"write it as an escape: `\n`"),
    ("escape", "`{}` is no escape that JSON knows", r"write a backslash as `\\`"),
    ("Extra data", "`{}` follows after the end of the JSON value", "remove it, or part documents by line breaks"),
    ("trailing comma", "the `,` is followed by no item", "remove the comma"),
    ("Expecting value", "`{}` stands where a JSON value belongs", "quote it if it is a text"),
)


def _position(mark: Mark | None) -> tuple[int, int] | None:
    return None if mark is None else (mark.line, mark.column)


def _control_character(lines: list[str]) -> Refused:
    unreadable = re.compile("[^\t\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
    for number, line in enumerate(lines):
        found = unreadable.search(line)
        if found:
            message = f"the control character U+{ord(found[0]):04X} is not allowed in YAML"
            escape = f"\\x{ord(found[0]):02x}" if ord(found[0]) < 0x100 else f"\\u{ord(found[0]):04x}"
            help_ = f'remove it, or write it as an escape in double quotes: "{escape}"'
            return Refused(message, help_, number, found.start())
    return Refused("a character of this text is not allowed in YAML", "save the file as UTF-8 text", 0, 0)


def _cannot_start(trouble: Trouble) -> Refused:
    if trouble.character == "\t" and not trouble.line[: trouble.mark[1]].strip():
        return trouble.refused("a tab is used for indentation", "indent with spaces; YAML allows no tabs there")
    if trouble.character == "\t":
        return trouble.refused("a tab stands where YAML allows none", "write a space instead")
    return trouble.refused(f"a value cannot start with `{trouble.character}`", _QUOTE)


def _tab(trouble: Trouble) -> Refused:
    return trouble.refused("a tab is used for indentation", "indent with spaces; YAML allows no tabs there")


def _anchor_or_alias(trouble: Trouble) -> Refused:
    word = trouble.word_at(trouble.begin or trouble.mark)
    what = "alias" if word.startswith("*") else "anchor"
    return trouble.refused(f"`{word}` reads as an {what}, whose name it cannot be", _QUOTE, trouble.begin, len(word))


def _open_quote(trouble: Trouble) -> Refused:
    where = " before the `---`" if "document" in trouble.problem else ""
    return trouble.refused(f"the quote that opens here is not closed{where}", "close it", trouble.begin)


def _escape(trouble: Trouble) -> Refused:
    slash = trouble.line.rfind("\\", 0, trouble.mark[1] + 1)
    shown = trouble.line[slash : slash + 2] if slash >= 0 else trouble.character
    place = (trouble.mark[0], max(slash, 0))
    return trouble.refused(
        f"`{shown}` is no escape that YAML knows", "use single quotes, or double the backslash", place, 2
    )


def _brackets(trouble: Trouble) -> Refused:
    close = "]" if "]" in trouble.problem else "}"
    opening = {"]": "[", "}": "{"}[close]
    if trouble.at_end:
        return trouble.refused(
            f"the `{opening}` that opens here is never closed", f"close it with `{close}`", trouble.begin
        )
    message = f"`{trouble.word}` stands where `,` or `{close}` belongs, within a `{opening}`"
    return trouble.refused(message, f"part the items by commas, and close with `{close}`", width=len(trouble.word))


def _second_colon(trouble: Trouble) -> Refused:
    number, column = trouble.mark
    before = trouble.line[:column]
    if column > 1024 and re.search(r":\s", before) is None:
        return trouble.refused("a key is longer than 1024 characters", "shorten it", (number, trouble.indent))
    if re.search(r":\s", before):
        help_ = "put the value in quotes, or start the inner mapping on a line of its own"
        return trouble.refused("a `: ` stands within a plain value", help_)
    above = trouble.above()
    if above is not None and trouble.indent_of(above) < trouble.indent:
        message = f"`{before.strip()}:` is indented deeper than the line above, which has a value already"
        help_ = "line it up with the key above, or remove the value there"
        return trouble.refused(message, help_, (number, trouble.indent), column - trouble.indent)
    return _no_colon(trouble) if above is None else _no_colon(trouble.at(above, trouble.indent_of(above)))


def _no_colon(trouble: Trouble) -> Refused:
    number, column = trouble.begin or trouble.mark
    text = trouble.lines[number][column:].split(" #")[0].strip()
    shown = text if len(text) <= 40 else f"{text[:40]}…"
    help_ = "write it as `key: value`, or indent it if it goes on with the line above"
    return trouble.refused(f"`{shown}` has no `:` after it", help_, (number, column), len(text))


def _among_keys(trouble: Trouble) -> Refused:
    word = trouble.word
    if trouble.line[: trouble.mark[1]].strip():
        message = f"`{word}` follows a value that has ended"
        return trouble.refused(
            message, "put the whole value in quotes; double a `'` within single ones", width=len(word)
        )
    if word == "-":
        return trouble.refused("a list item stands among the keys of a mapping", "indent it like the items above it")
    if word[:1] in ("]", "}"):
        return trouble.refused(f"`{word[0]}` closes nothing", "remove it, or open the bracket")
    message = f"`{word}` lines up with no key above it"
    return trouble.refused(message, "give all keys of one mapping the same indentation", width=len(word))


def _among_items(trouble: Trouble) -> Refused:
    message = f"`{trouble.word}` stands among the items of a list"
    help_ = "indent it under its item, or line it up with the key that the list belongs to"
    return trouble.refused(message, help_, width=len(trouble.word))


def _list_in_line(trouble: Trouble) -> Refused:
    message = "`- ` starts a list where none can stand"
    return trouble.refused(message, "start the list on a line of its own, or put the value in quotes")


def _directive(trouble: Trouble) -> Refused:
    number = next((number for number, line in enumerate(trouble.lines) if line.startswith("%")), trouble.mark[0])
    line = trouble.at(number, 0).line.strip()
    return trouble.refused(
        f"kubectl reads no directives such as `{line:.40}`", "remove the line", (number, 0), len(line)
    )


def _after_indicator(trouble: Trouble) -> Refused:
    begin = trouble.begin or trouble.mark
    sign = trouble.lines[begin[0]][begin[1] : begin[1] + 1]
    if "indicat" in trouble.problem:
        return trouble.refused(f"`0` is no indentation for `{sign}`", "remove it, or write 1 to 9", width=1)
    message = f"`{trouble.word}` follows `{sign}` on its line"
    return trouble.refused(
        message, "start the text on the next line, or put the value in quotes", width=len(trouble.word)
    )


def _no_value(trouble: Trouble) -> Refused:
    if trouble.at_end:
        end = len(trouble.lines), 0
        return trouble.refused("the text ends where a value belongs", "close what is open, or restore the rest", end)
    return trouble.refused(f"`{trouble.character or trouble.word}` stands where a value belongs", _QUOTE)


def _tag(trouble: Trouble) -> Refused:
    word = trouble.word_at(trouble.begin or trouble.mark)
    return trouble.refused(
        f"the tag `{word}` cannot be read", "remove it, or quote the value", trouble.begin, len(word)
    )


_RULES: tuple[tuple[str, Callable[[Trouble], Refused]], ...] = (
    ("cannot start any token", _cannot_start),
    ("tab character", _tab),
    ("an (alias|anchor): ", _anchor_or_alias),
    ("quoted scalar: found unexpected (end|document)", _open_quote),
    ("quoted scalar: ", _escape),
    ("flow (sequence|mapping): ", _brackets),
    ("mapping values are not allowed", _second_colon),
    ("simple key: could not find", _no_colon),
    ("block mapping: ", _among_keys),
    ("block (collection|sequence): ", _among_items),
    ("(sequence entries|mapping keys) are not allowed", _list_in_line),
    ("a directive: |document start>", _directive),
    ("block scalar: ", _after_indicator),
    ("tag", _tag),
    ("node content", _no_value),
)
