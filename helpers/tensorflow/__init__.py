"""The course's helpers for TensorFlow. `helpers.pytorch` is the twin."""
