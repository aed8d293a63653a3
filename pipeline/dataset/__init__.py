"""The talk dataset on disk: schema, reading with every error at once, saving as one generation."""
