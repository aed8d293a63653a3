"""YAML as people write it: read, checked, and turned into values; every error has its place.

    yamltext    YAML to plain values with a place for each
    filemodel   files against pydantic models, every error at once
    watches     a watch list as written in event.yaml or config.yaml
    plans       `announce:` as written in event.yaml or config.yaml
    targets     an entry of `notify:` as written in config.yaml

Reads nothing from the disk but the file it is given, and knows no command.
"""
