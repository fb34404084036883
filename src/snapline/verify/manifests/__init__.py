"""The dependencies that manifests and lock files declare, one module per ecosystem. Pure: texts in, values out."""
