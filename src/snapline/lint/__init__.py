"""What lint says about a spec: rules, their order, spec debt, and how findings are shown. Pure: no I/O, no clock."""
