"""``python -m snapline`` is the console script."""

from snapline.cli.main import main

if __name__ == "__main__":
    main()
