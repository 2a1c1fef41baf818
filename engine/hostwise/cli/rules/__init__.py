"""`hostwise rules …`: the workbench for the rules themselves."""
