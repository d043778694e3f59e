"""Push-message campaigns as code: lint, plan, apply, dispatch, report."""

__version__ = "0.1.0"
