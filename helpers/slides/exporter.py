"""nbconvert's HTML exporter with the deck's template, and formulas as MathML."""

from html import escape
from pathlib import Path

from jinja2 import pass_context
from latex2mathml.converter import convert
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath


class MathMLRenderer(IPythonRenderer):
    """Markdown to HTML that shows formulas without any script. MathML is drawn by the browser."""

    def inline_math(self, body: str) -> str:
        return formula(body, "inline")

    def block_math(self, body: str) -> str:
        return formula(body, "block")

    def latex_environment(self, name: str, body: str) -> str:
        return formula(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")


def formula(latex: str, display: str) -> str:
    """A LaTeX formula as MathML; one that cannot be converted stands there as it is written."""
    try:
        return convert(latex.strip(), display=display)
    except Exception:  # latex2mathml raises many kinds
        return f"<code>{escape(latex)}</code>"


class DeckExporter(HTMLExporter):
    """Notebook to HTML with the template in `deck/`."""

    def __init__(self, **settings):
        super().__init__(
            template_name="deck",
            extra_template_basedirs=[str(Path(__file__).parent)],
            embed_images=True,
            exclude_input_prompt=True,
            exclude_output_prompt=True,
            exclude_anchor_links=True,
            **settings,
        )

    @pass_context
    def markdown2html(self, context, source):
        """The filter the template calls for markdown cells and outputs."""
        return MarkdownWithMath(
            renderer=MathMLRenderer(
                escape=False,
                embed_images=True,
                exclude_anchor_links=True,
                path=context.get("resources", {}).get("metadata", {}).get("path", ""),
                attachments=context.get("cell", {}).get("attachments", {}),
            )
        ).render(source)
