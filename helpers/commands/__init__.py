"""One module for each command of `./run`: `main(arguments)` returns the exit code."""
