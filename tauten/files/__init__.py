"""Case files in, results out: what Tauten reads from people and how it writes so that nothing is ever half-written."""

from tauten.files.case import Case, case_from, case_schema, read_case
from tauten.files.store import output_folder, write_bytes, write_json, write_text

__all__ = [
    "Case",
    "case_from",
    "case_schema",
    "output_folder",
    "read_case",
    "write_bytes",
    "write_json",
    "write_text",
]
