"""Answers about connections, as frozen values: one module a question, all of them asked of `reach`."""
