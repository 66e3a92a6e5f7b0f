"""A report as a table, CSV, JSON or HTML. All four show the same values."""

from __future__ import annotations

from relay.reports.documents import json
from relay.reports.drawing import html
from relay.reports.sheets import csv
from relay.reports.tables import table

__all__ = ["csv", "html", "json", "table"]
