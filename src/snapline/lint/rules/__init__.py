"""One rule per module; :mod:`snapline.lint.registry` finds them."""
