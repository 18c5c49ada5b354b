"""`python -m k8snet_lint`."""

from k8snet_lint.cli.main import main

main()
