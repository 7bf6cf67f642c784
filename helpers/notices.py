"""Words that a reader must not miss."""

import html
import sys


def banner(title: str, text: str) -> None:
    """Show a banner: in a notebook a framed box, elsewhere a framed text on stderr."""
    plain = f"{'=' * 78}\n{title}\n{text}\n{'=' * 78}"
    if "IPython" in sys.modules:
        from IPython import get_ipython
        from IPython.display import display

        if get_ipython() is not None:
            style = (
                "border:4px solid #D55E00;background:#FFF4E5;color:#1a1a1a;"
                "padding:0.8em 1em;border-radius:6px;font-size:1.05em"
            )
            box = (
                f'<div role="alert" style="{style}"><strong>{html.escape(title)}</strong><br>'
                f"{html.escape(text)}</div>"
            )
            display({"text/html": box, "text/plain": plain}, raw=True)
            return
    print(plain, file=sys.stderr)
