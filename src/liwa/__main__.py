"""``python -m liwa`` is the command ``liwa``."""

from liwa.cli import main

if __name__ == "__main__":
    main()
