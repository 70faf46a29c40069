"""The kiosk: what a visitor sees, and nothing else."""
