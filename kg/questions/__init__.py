"""Questions about the graph: the saved ones of ``queries/``, texts of one's own, and plain English (``ask``).

A saved question is a file whose head says it in words with its typed parameters. Names of things become identifiers
before a query runs, through the index of names, so that a query starts from what it asks about.
"""

from kg.questions.answer import Answer
from kg.questions.lookup import Hit, Lookup
from kg.questions.parameters import Parameter
from kg.questions.running import run, run_text
from kg.questions.saved import Question, named, parse, saved

__all__ = ["Answer", "Hit", "Lookup", "Parameter", "Question", "named", "parse", "run", "run_text", "saved"]
