"""The commands there are."""

from __future__ import annotations

import os

from k8snet_lint.nearest import is_within, slips_in

COMMANDS = {
    "check": "lint manifests: files, directories, or - for standard input (the default command)",
    "explain": "print a rule's page: what it means, why it matters, how to mend it",
    "rules": "list the rules, or test a directory of your own",
    "connections": "print who may connect to whom on which ports, and what is open to the world",
    "why": "print whether one end may connect to another, and the lines that decide it",
    "verify": "check assertions about connections: the tests of a network",
    "graph": "print who selects, routes to and refers to whom, and what leads nowhere",
    "schema": "print the JSON Schema of the configuration, of the report or of intents",
    "init": "write a commented .k8snet-lint.yaml",
    "completion": "print the shell completion for bash, zsh or fish",
}
"""Each command's name, which is its module's, and its line of help."""


def nearly(word: str) -> str:
    """The command, or `--help`, that a word which is no path seems to mean; empty where it means none."""
    meant = "--help" if word == "help" else next((name for name in COMMANDS if _is_slip(word, name)), "")
    return "" if meant and os.path.exists(word) else meant


def _is_slip(word: str, name: str) -> bool:
    """Whether a word is a command's name but for so many slips as a name of its length may hold."""
    return word != name and is_within(word, name, slips_in(len(name)))
