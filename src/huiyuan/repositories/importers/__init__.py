"""Loading what a chain was before it came here: files in, documents of history out.

Always true: everything goes through the history entry of the database (`api.import_...`), a batch is one
transaction, and the same files again change nothing. A row that cannot be used is named by file and line.
"""
