"""Places in a sentence: what it names, where that lies, and how far from there a point is.

Pure: everything follows from the policy and the text. Used where words of people must become a place.
"""

from cityloop.places.words.apart import apart_m
from cityloop.places.words.found import Heard, PlaceKind
from cityloop.places.words.sentence import areas_of, best_of, places_in

__all__ = ["Heard", "PlaceKind", "apart_m", "areas_of", "best_of", "places_in"]
