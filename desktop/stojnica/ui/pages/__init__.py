"""The pages of the main window, each drawn from its view-model."""
