"""`python -m bot` is `rainmaker`."""

from bot.cli import main

if __name__ == "__main__":
    main()
