"""Where the course keeps its files."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def data_folder() -> Path:
    """The folder downloads land in: `COURSE_DATA`, or `data/` in the repository."""
    named = os.environ.get("COURSE_DATA")
    return Path(named).expanduser().absolute() if named else REPOSITORY / "data"


def mirror() -> str | None:
    """The classroom mirror that `COURSE_MIRROR` names, a folder or a URL; None without one."""
    return os.environ.get("COURSE_MIRROR") or None
