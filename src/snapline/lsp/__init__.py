"""The language server: editing support for specs, over the Language Server Protocol."""
