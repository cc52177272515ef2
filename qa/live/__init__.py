"""A live run: the server it may need, what its workers share, and one check over several regions.

With `cli`, `commands` and `plugin` it is the front: it alone joins stack, embedded and report.
"""
