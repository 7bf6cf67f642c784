"""A quiz on slides: each question on one, its answers, if wanted, on the next."""


def is_quiz(html: str) -> bool:
    """Whether an output is what `helpers.quiz.show` shows."""
    return 'class="course-quiz"' in html


def on_slides(html: str, answers: bool) -> str:
    """The questions of a shown quiz, without its script, in the quiz's language and direction."""
    from bs4 import BeautifulSoup

    quiz = BeautifulSoup(html, "html.parser").find(class_="course-quiz")
    written = f'dir="{quiz["dir"]}" lang="{quiz["lang"]}"'
    parts = []
    for number, item in enumerate(quiz.find("ol").find_all("li", recursive=False), 1):
        told = item.details.extract()
        item.p.insert(0, f"{number}. ")
        text = "".join(str(child) for child in item.contents)
        parts.append(f'<div class="question" {written}>{text}</div>')
        if answers:
            parts.append(f'<div class="answers" {written}>{told.ul}</div>')
    return "".join(parts)
