"""Ways to tell people something; one file a kind, named like the kind in config.yaml."""
