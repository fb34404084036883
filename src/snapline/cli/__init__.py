"""The command line: parses arguments, calls :mod:`snapline.app`, prints."""
