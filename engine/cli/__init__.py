"""One file per command: parse, call, print. stdout is the result, stderr is for people watching."""
