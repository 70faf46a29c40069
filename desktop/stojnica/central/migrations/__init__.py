"""The central schema's history; its files are read from this folder, also in a frozen program."""
