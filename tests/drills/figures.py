"""What the drills have measured: on the screen at the end, and in var/drill/figures.txt."""

from pathlib import Path

FILE = Path(__file__).resolve().parents[2] / "var" / "drill" / "figures.txt"


def note(text: str) -> None:
    FILE.parent.mkdir(parents=True, exist_ok=True)
    with FILE.open("a") as file:
        file.write(f"{text}\n")
    print(text, flush=True)
