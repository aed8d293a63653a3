"""Talk lists to import: one file a kind."""
