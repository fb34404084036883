"""The ground floor: text spans, diagnostics, errors, ids, digests, wire format and clock."""
