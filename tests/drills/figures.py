"""What the drills have measured: one table at the end, and in var/drill/figures.txt."""

from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "var" / "drill" / "figures.txt"
noted: list[tuple[str, str]] = []


def note(name: str, *facts: str) -> None:
    """Kept at once, for a run that is broken off."""
    noted.extend((name, fact) for fact in facts)
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text("\n".join(lines()) + "\n")


def lines() -> list[str]:
    """A name is told once, before the first of its facts."""
    width = max(len(name) for name, _fact in noted)
    names = [name for name, _fact in noted]
    return [
        f"{name if number == 0 or names[number - 1] != name else '':{width}}  {fact}"
        for number, (name, fact) in enumerate(noted)
    ]
