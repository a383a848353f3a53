"""MARC 21 and CNMARC records: read from ISO 2709 and MARCXML, understood, and made. No Django models."""
