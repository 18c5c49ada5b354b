"""Helm charts → the text that Helm makes of them, each line with the template line that it comes from.

Nothing is fetched, and nothing of a chart is executed but its templates, by Helm, in a process that is bounded in time
and memory.
"""
