"""One generation of files: staged, journalled, renamed; a crash neither tears nor mixes.

    stage every file that differs, fsync        a crash here leaves the old generation
    journal: renames and deletes, durable       from here on the new generation is certain
    rename in the given order, delete           each file is whole at every instant
    fsync folders, drop the journal             a crash before this is finished by `roll_forward`

Used for feeds/ and for data/ alike: `commit` for files at hand, `Generation` for files that come
one by one and are too many to hold. It knows paths and bytes, never what is in them; it takes no
lock (its caller holds one) and decides nothing about what to write or delete.
"""

from pipeline.files.disk import replace
from pipeline.files.generation import Commit, Generation, commit
from pipeline.files.journal import roll_forward
from pipeline.files.paths import DOT, GROUPS, is_safe

__all__ = ["DOT", "GROUPS", "Commit", "Generation", "commit", "is_safe", "replace", "roll_forward"]
