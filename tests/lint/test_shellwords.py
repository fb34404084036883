"""The words of shell texts, with their places, and what hostile texts cost."""

from __future__ import annotations

import random
import time

import pytest

from snapline.lint.shellwords import Command, read

READINGS = {
    "a b; c | d && e": "a b ; / c | / <d && / e",
    "a 'b; c' # d; e": "a b; c",
    'a "b c"\\ d': "a b c d",
    "a $'b\\'c'": "a b\\'c",
    "a 2>&1 > out < in; b": "a ; / b",
    "a &> log & b": "a & / b",
    "a <<EOF\nb c\nEOF\nd": "a \n / d",
    "a <<-'E' | b\n\tc\n\tE\nd": "a | / <b \n / d",
    "a $(b | c) d": "(b | / (<c ) / a $(b | c) d",
    'a "$(b "c")"': '(b c ) / a $(b "c")',
    "diff <(a) <(b)": "(a ) / (b ) / diff <(a) <(b)",
    "a `b c`": "a `b c`",
    "a=$((1 + (2))) b": "a=$((1 + (2))) b",
    "a ${b:-c d} $e": "a ${b:-c d} $e",
    "a b\\\n c": "a b c",
    "(a; b)": "a ; / b )",
    "a || b": "a || / b",
    "! a # b": "! a",
}


def shown(commands: tuple[Command, ...] | None) -> str | None:
    """Commands in short: ``(`` in front of an inner one, ``<`` in front of one that a pipe feeds."""
    if commands is None:
        return None
    marked = (
        "(" * one.inner + "<" * one.fed + " ".join([*(word.text for word in one.words), one.operator]).rstrip(" ")
        for one in commands
    )
    return " / ".join(marked)


@pytest.mark.parametrize("text", READINGS)
def test_words_are_read_as_a_shell_reads_them(text: str) -> None:
    assert shown(read(text)) == READINGS[text]


@pytest.mark.parametrize(
    "text", ["a 'b", 'a "b', "a $(b", "a `b", "a\\", "a $((1", "$(" * 40 + "a" + ")" * 40, "a" * 20_001]
)
def test_what_cannot_be_parted_is_not_read(text: str) -> None:
    assert read(text) is None


def test_each_word_has_its_place() -> None:
    text = "a  'b c' \"d\" $(e f) \\\n g"
    (inner, outer) = read(text) or ()
    assert [text[word.start : word.end] for word in outer.words] == ["a", "'b c'", '"d"', "$(e f)", "g"]
    assert [text[word.start : word.end] for word in inner.words] == ["e", "f"]
    assert [word.bare for word in outer.words] == [True, False, False, True, True]


def test_no_text_is_slow_or_breaks_the_reading() -> None:
    dice = random.Random(7)  # noqa: S311 - the same texts every time
    pieces = [
        "'",
        '"',
        "$(",
        "${",
        "`",
        "\\",
        "(",
        ")",
        "|",
        "&",
        ";",
        "<<E",
        "E",
        "\n",
        " ",
        "a",
        "#",
        "$((",
        "))",
        ">",
        "2>&1",
    ]
    for _ in range(400):
        text = "".join(dice.choice(pieces) for _ in range(dice.randint(1, 40)))
        for command in read(text) or ():
            assert all(0 <= word.start < word.end <= len(text) for word in command.words)
    began = time.process_time()
    for piece in pieces:
        read(piece * (19_000 // len(piece)))
    assert time.process_time() - began < 2
