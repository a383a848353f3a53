"""The catalogue as files that other systems and offices read."""
