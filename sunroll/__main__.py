"""`python -m sunroll` is the console script."""

from sunroll.cli import main

if __name__ == "__main__":
    main()
