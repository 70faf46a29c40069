"""What the screens can do, without Qt."""
