"""A rule failed on this input.

The rule stopped with an error of its own, so what it would have found is missing; all other rules ran. The
report gives the rule's id and the line of its code, and the run ends with exit code 3. That is a mistake in
the rule, never in the manifests: for a rule of your own, mend that line, and add the input that led to it to
the examples on the rule's page; for one of ours, report it with that line and, if you may, the manifest. Until
it is mended, `--ignore RULE` runs the others without it.

References:

* `k8snet-lint rules --rules DIR --test` runs the examples on the pages of your own rules
"""

from __future__ import annotations

from k8snet_lint import Severity, diagnostic

RULE = diagnostic(__name__, severity=Severity.ERROR, since="0.1")
