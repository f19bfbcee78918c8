"""The loop, in its order. This is the table of contents.

    sense       感  devices and cameras notice something
    intake      受  a report arrives by any channel, is made safe, is kept
    understand  识  what, where, how urgent; which case does it belong to
    filing      立  accepted, verified on site, filed with a number, or refused with a reason
    foresee     预  what will happen                                  (later)
    dispatch    派  who must act, by when, at which level
    handle      处  the work, and its proofs
    inspect     核  seen by another, closed or sent back
    evaluate    评  how well did people, units, areas do
    reward      励  points, contracts, budgets                        (later)
    share       享  data products, exchange                           (later)
    engage      众  proposals, votes, community tasks                 (later)

Stages never import each other: they share `domain/`, the spine in `cases/`, and hear each other's facts.
"""

LOOP = (
    "sense", "intake", "understand", "filing", "foresee", "dispatch", "handle", "inspect", "evaluate", "reward", "share", "engage",
)  # fmt: skip
