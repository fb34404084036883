"""The use cases: what a face may ask Snapline to do, one module for each, on top of all other floors."""
