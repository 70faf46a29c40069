"""The engine that delivers facts and proves that they arrived."""
