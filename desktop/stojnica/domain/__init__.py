"""Facts and rules, as frozen values; no database, no screen."""
