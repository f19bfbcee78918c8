"""HTTP of evaluating: parse, permit, call, show; and files for spreadsheets."""

from cityloop.stages.evaluate.routes.asking import ROUTES
from cityloop.stages.evaluate.routes.files import Format, about_lines, figure_lines, file_of, plain_cell

__all__ = ["ROUTES", "Format", "about_lines", "figure_lines", "file_of", "plain_cell"]
