"""Writing files whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from helpers.errors import CourseError


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """A temporary path beside `path`; it takes the name `path` when the block ends well.

    Folders above it are made. Raises CourseError where nothing can be written.
    """
    path = Path(path)
    temporary = path.with_name(f".{os.getpid()}.{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        raise CourseError(
            f"{path} cannot be written ({error.strerror or error}): choose another folder."
        ) from None
    finally:
        with suppress(OSError):
            temporary.unlink()
