"""The course's helpers for PyTorch. `helpers.tensorflow` is the twin."""
