"""The rules of the appraisal as pure Python: no database, no clock, no Django.

Points are whole cents inside the engine. Dates include both ends; an open end is `date.max`.
The section numbers in the docstrings are those of docs/考核规则.md.
"""
