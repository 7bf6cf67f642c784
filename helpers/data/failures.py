"""What can go wrong while a set of photographs is fetched."""

from helpers.errors import CourseError


class FetchError(CourseError):
    """A set could not be fetched: one sentence says why and what to do."""


class Unreachable(FetchError):
    """No host gives the set, and no mirror is named: stand-ins may be drawn instead."""
