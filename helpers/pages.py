"""Numbers in the pages come from stored results, never from a keyboard.

A page marks each number as `<!-- result:NAME FORMAT -->value<!-- /result -->`. NAME is a path in
the stored results (`transfer.photographs.train`), FORMAT, if any, a Python format such as `.1%`.
No line may begin with a mark: Markdown would end the paragraph there.
`python -m helpers.pages` writes the values of `notebooks/results.json` into the pages.
"""

import json
import re
from pathlib import Path

from helpers.errors import CourseError
from helpers.paths import REPOSITORY

NOTEBOOKS = REPOSITORY / "notebooks"
PAGES = (NOTEBOOKS / "README.md", NOTEBOOKS / "README.he.md")
FILLED = (REPOSITORY / "README.md", *PAGES)
RESULTS = NOTEBOOKS / "results.json"

MARKER = re.compile(r"(<!-- result:([\w.]+)(?: (\S+))? -->)(.*?)(<!-- /result -->)", re.DOTALL)


def names(text: str) -> list[str]:
    """The names of the results that a page asks for, in its order."""
    return [match[2] for match in MARKER.finditer(text)]


def fill(text: str, results: dict) -> str:
    """The text of a page with the value of each marked result written in.

    results: nested dictionaries, as read from `results.json`.
    Raises CourseError for a name that `results` lacks, and for a format that does not fit.
    """

    def written(match: re.Match) -> str:
        start, name, form, _, end = match.groups()
        return f"{start}{_formatted(_found(results, name), name, form or '')}{end}"

    return MARKER.sub(written, text)


def _found(results: dict, name: str):
    value = results
    for key in name.split("."):
        if not isinstance(value, dict) or key not in value:
            raise CourseError(
                f"The page asks for the result {name}, which is not stored: run `./run figures`."
            )
        value = value[key]
    return value


def _formatted(value, name: str, form: str) -> str:
    try:
        return format(value, form)
    except (TypeError, ValueError):
        raise CourseError(
            f"The result {name} is {value!r}, and the format {form!r} does not fit: mend the page."
        ) from None


def main(results: Path = RESULTS, pages: tuple[Path, ...] = FILLED) -> None:
    """Write the stored results into the pages. A result that is missing changes no page."""
    if not results.is_file():
        raise CourseError(f"There are no stored results in {results}: run `./run figures`.")
    stored = json.loads(results.read_text(encoding="utf-8"))
    filled = {page: fill(page.read_text(encoding="utf-8"), stored) for page in pages}
    for page, text in filled.items():
        page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
