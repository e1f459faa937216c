"""What people, files and readers bring that attacks: a row of the corpus is a number, its strings, its owner.

`corpus.py` holds the strings; `test_index.py` says which tests own each row and that they are there.
"""
