"""`python -m cityloop.cli` is `cityloop`."""

from cityloop.cli.root import main

if __name__ == "__main__":
    main()
