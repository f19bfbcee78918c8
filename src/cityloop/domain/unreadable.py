"""What a decoder of JSON raises over bytes that are none: besides its own errors those of text, of depth and of size."""

import msgspec

UNREADABLE = (msgspec.MsgspecError, ValueError, RecursionError, OverflowError)  # text that is no UTF-8 is a ValueError
