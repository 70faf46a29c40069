"""Values in, PDF out, rendered and scanned again."""
