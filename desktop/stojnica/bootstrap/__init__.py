"""Build the parts of the program and hand them to each other."""
