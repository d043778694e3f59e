"""`python -m engine` is the same as the command `pushform`."""

from engine.cli.main import main

if __name__ == "__main__":
    main()
