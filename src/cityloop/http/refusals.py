"""What the edge refuses before any route is asked."""

from cityloop.domain.errors import Invalid, TooOften, Unavailable


class WrongHost(Invalid):
    """The request names another host than one of ours."""

    code = "edge.wrong_host"


class BodyTooLarge(Invalid):
    """A body brings more than its path takes."""

    code = "edge.body_too_large"


class AddressTooLong(Invalid):
    """A path or a question is longer than any of ours."""

    code = "edge.address_too_long"


class GivenTwice(Invalid):
    """A question says the same thing twice, where one answer is wanted."""

    code = "edge.given_twice"


class HeadTooLarge(Invalid):
    """The headers are larger, or more, than any browser sends."""

    code = "edge.head_too_large"


class Overloaded(Unavailable):
    """There is too much to do; what can wait is sent away."""

    code = "edge.overloaded"


class TooManyTries(TooOften):
    """Too many wrong passwords or codes came from one address."""

    code = "edge.too_many_tries"
