"""Where the demo keeps its things."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()
KEEP = VAR / "demo"
LOGS = VAR / "log"
DATABASE = VAR / "demo.sqlite3"
