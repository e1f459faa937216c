"""The past of a chain from files: read without trust, posted once, equal to the source to the cent."""
