"""An `Sms` that sends nothing and remembers everything. The tests that hold for it hold for every provider."""

from cityloop.notices.sms import Message, SmsDown, SmsRefused

DIGITS_MIN = 5


class FakeSms:
    """Keeps what it was given, by key; can be switched off, and can lose its answer."""

    def __init__(self) -> None:
        self.sent: dict[str, Message] = {}
        self.is_down = False
        self.loses_answer = False  # it takes the message, and the caller never learns of it

    def send(self, message: Message, *, key: str) -> None:
        """Take a message.

        Refuses with `SmsDown` or `SmsRefused`.
        """
        if self.is_down:
            raise SmsDown("The provider does not answer; it is tried again.")
        if sum(char.isdigit() for char in message.to) < DIGITS_MIN or not message.text:
            raise SmsRefused("That is no message to a number; nothing was sent.")
        self.sent.setdefault(key, message)
        if self.loses_answer:
            raise SmsDown("The provider did not answer in time; it is tried again.")
