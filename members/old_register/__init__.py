"""The register that was kept before this site: read from a CSV file, looked over, taken over.

`reading` makes rows of the file's bytes, `cells` makes values of what stands in a cell, `rows` one
old member of a row, and `resource` goes through the file, in earnest or to show what would happen.
"""
