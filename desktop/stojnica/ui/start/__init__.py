"""What is shown before there is an open store."""
