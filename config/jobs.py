"""The nightly jobs in their order. Each asks what should be and writes the difference."""


def run_nightly() -> None:
    """Everything that happens once a night."""
