"""The event stream of a YAML text: libyaml's where PyYAML has it, else PyYAML's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

if TYPE_CHECKING:
    from collections.abc import Callable


class PurePython(Reader, Scanner, Parser):
    """PyYAML's parser in Python: some ten times slower, and stricter about tabs."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)


EventParser: Callable[[str], Any] = PurePython
if yaml.__with_libyaml__:
    from yaml._yaml import CParser

    EventParser = CParser


def events(text: str) -> Callable[[], Any]:
    """A function that gives the text's next event, and None after the last.

    Columns and lines of marks count from 0. The function raises yaml.YAMLError at what is no YAML; a
    UnicodeEncodeError is raised here for a text that holds half of a surrogate pair.
    """
    get: Callable[[], Any] = EventParser(text).get_event
    return get
