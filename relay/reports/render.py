"""A report as text of one screen or in full, as CSV, JSON or HTML. All show the same values."""

from __future__ import annotations

from relay.reports.documents import json
from relay.reports.drawing import html
from relay.reports.overview import overview
from relay.reports.sheets import csv
from relay.reports.tables import table

__all__ = ["csv", "html", "json", "overview", "table"]
