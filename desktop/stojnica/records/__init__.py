"""What facts add up to, in SQLite and PostgreSQL alike."""
