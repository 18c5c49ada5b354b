"""Fixtures that several test files use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# The same worlds in every run, so that a run tells of the change at hand; K8SNET_LINT_EXPLORE=1 looks for others.
# No test is one of speed: a busy machine must not fail any.
settings.register_profile(
    "project",
    derandomize=not os.environ.get("K8SNET_LINT_EXPLORE"),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("project")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The directory of test data that is not part of the project: named by K8SNET_LINT_SHARED, or beside it."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    path = Path(os.environ.get("K8SNET_LINT_SHARED") or beside)
    if not path.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the shared test data is missing: {path}")
        pytest.skip(f"the shared test data is missing: {path}")
    return path
