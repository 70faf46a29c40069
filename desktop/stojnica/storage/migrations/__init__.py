"""The history of the laptop's tables."""
