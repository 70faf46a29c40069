"""The organisation's central PostgreSQL database."""
