"""One module per verb; each holds its click command under the name ``command`` and is imported only when used."""
