"""Grading the lab: starters from solutions, submissions run in a cell of their own, points."""
