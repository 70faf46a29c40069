"""One small Debian server for an organisation without an administrator: what is there, and what to do."""
