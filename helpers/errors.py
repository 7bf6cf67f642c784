"""The one kind of error that a user of the course can meet."""


class CourseError(ValueError):
    """Something the user can mend, said in one sentence: the thing, the reason, what to do."""
