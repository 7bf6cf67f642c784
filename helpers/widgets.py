"""A button to choose a picture of one's own, where widgets work."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from helpers import plotting
from helpers.answers import Answer
from helpers.data.decoding import read
from helpers.errors import CourseError

HINT = "No button here? Put a path into the cell above: classify('my cat.jpg')."


def upload(classify: Callable[[list[Path]], list[Answer]]) -> None:
    """Show a button; a chosen photograph is classified and shown with its answer.

    classify: takes paths, returns an answer for each. A file that is no photograph gets one
    sentence. Where widgets are absent (or asleep, as in a saved page) a sentence says what to do
    instead.
    """
    from IPython.display import display

    try:
        import ipywidgets
    except ImportError:
        print(HINT)
        return
    button = ipywidgets.FileUpload(accept="image/*", multiple=False, description="Your photograph")
    button.layout.width = "14em"
    shown = ipywidgets.Output()

    def chosen(change) -> None:
        shown.clear_output()
        with shown:
            for name, content in files(change["new"]):
                answer = answer_for(name, content, classify)
                display(answer)
                if isinstance(answer, plotting.Drawing):  # for who cannot see it
                    print(answer.text)

    button.observe(chosen, names="value")
    bundle = ipywidgets.VBox([button, shown])._repr_mimebundle_()
    display(bundle | {"text/plain": HINT}, raw=True)


def files(value) -> list[tuple[str, bytes]]:
    """Names and contents of what a FileUpload holds, from ipywidgets 7 (Colab) or 8."""
    if isinstance(value, dict):
        return [(name, bytes(file["content"])) for name, file in value.items()]
    return [(file["name"], bytes(file["content"])) for file in value]


def answer_for(name: str, content: bytes, classify: Callable):
    """What to show for an uploaded file: a Drawing, or a sentence that says what is wrong.

    name: as the file was called. content: its bytes. classify: as in `upload`.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"photograph{Path(name).suffix}"
        path.write_bytes(content)
        try:
            answer = classify([path])[0]
            picture = read(path, longest=400)
        except CourseError as error:
            return str(error).replace(str(path), name)
    best = sorted(answer.probabilities.items(), key=lambda item: -item[1])[:5]
    return plotting.answers(picture, best, name)
