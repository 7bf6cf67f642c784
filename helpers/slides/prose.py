"""Long paragraphs on slides: the first sentences are shown, the whole is for the speaker."""

import re

LONGEST = 220
"""Characters of a paragraph that a slide shows at most, in whole sentences."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^\s\da-z])")
_NO_PROSE = re.compile(r"\s*(#|[-*+] |\d+[.)] |>|\||!\[|<|\$\$|```|    )")
_PAIRS = (("`", "`"), ("$", "$"), ("**", "**"), ("[", "]"), ("(", ")"))


def shortened(markdown: str) -> str:
    """A markdown text with each long paragraph cut after a sentence.

    Headings, lists, tables, formulas, code and pictures stay whole, and so does a paragraph whose
    first sentence is long, or where the cut would part a pair of marks.
    """
    parts, fenced = [], False
    for part in re.split(r"(\n\s*\n)", markdown):
        inside = fenced
        fenced ^= part.count("```") % 2 == 1
        parts.append(part if inside or fenced or _NO_PROSE.match(part) else _cut(part))
    return "".join(parts)


def at_headings(markdown: str) -> list[str]:
    """A markdown text in parts, each heading at the beginning of one."""
    parts, fenced = [""], False
    for line in markdown.splitlines(keepends=True):
        fenced ^= line.lstrip().startswith("```")
        if re.match("#{1,6} ", line) and not fenced and parts[-1].strip():
            parts.append("")
        parts[-1] += line
    return parts


def _cut(paragraph: str) -> str:
    if len(paragraph) <= LONGEST:
        return paragraph
    kept = ""
    for sentence in _SENTENCE.split(paragraph):
        longer = f"{kept} {sentence}".strip()
        if kept and len(longer) > LONGEST:
            break
        kept = longer
    whole = all(
        kept.count(left) % 2 == 0 if left == right else kept.count(left) == kept.count(right)
        for left, right in _PAIRS
    )
    return kept if whole else paragraph
