"""`python -m cityloop`: the command line."""

from cityloop.cli import main

if __name__ == "__main__":
    main()
