"""The word lists of the rules about wording: data, with the reasons why a word is or is not in."""
