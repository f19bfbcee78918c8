"""The SQL of evaluating: whole rows of figures in one statement a table, and the rows behind each of them."""

from cityloop.stages.evaluate.store.counting import WHOLE, Head, head_of, tally_all
from cityloop.stages.evaluate.store.listing import item_list
from cityloop.stages.evaluate.store.rows import Asked
from cityloop.stages.evaluate.store.sums import Sums, moved
from cityloop.stages.evaluate.store.then import Then

__all__ = ["WHOLE", "Asked", "Head", "Sums", "Then", "head_of", "item_list", "moved", "tally_all"]
