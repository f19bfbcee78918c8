"""Class and rule of a report: up to three proposals with confidence and reasons."""

from bisect import bisect_right
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from cityloop.domain.facts import Proposal
from cityloop.domain.ids import ClassKey
from cityloop.domain.policy import Kind, Policy, Rule
from cityloop.learning.pool import Likely, Trust
from cityloop.stages.understand.model import Guess, Scored
from cityloop.stages.understand.rules.lessons import with_lessons
from cityloop.stages.understand.rules.words import BEST_MAX, latin_words, plain, scores_of, word_index

PROPOSALS_MAX = 3
COLD = Trust()
PROPOSED_PPM_MIN = 50_000  # below, a proposal is noise
HALF_SURE = 2.0  # the score of one plain word of the pack: half of the certainty that words can give
LONG_CHARS, LONG_STEP_CHARS = 80, 90  # in a longer text a word is found more easily, and says less
WRONG_CLASSES_MIN = 4  # a word that so many component classes use of what is wrong means it for all of them
BARE = 0.45  # what is left of a component's score where nothing beside it says that something is wrong with it

# Strength x margin of the best class -> share of such proposals that are right; straight lines between.
# Drawn after reading some 120 residents' messages of another city, which are long and often ask for something else,
# and below what the shorter ones of tests/unit/understand/sample.tsv gave; the tests hold it to that sample.
CALIBRATION: tuple[tuple[float, int], ...] = (
    (0.00, 0),
    (0.10, 50_000),
    (0.20, 200_000),
    (0.30, 420_000),
    (0.40, 620_000),
    (0.50, 730_000),
    (0.60, 850_000),
    (0.65, 910_000),
    (0.75, 960_000),
    (1.00, 985_000),
)
DECLARED_AGREED_PPM = 985_000  # somebody chose the class, and the words say the same
DECLARED_SILENT_PPM = 900_000  # somebody chose it, and the words say nothing else
DECLARED_OPPOSED_PPM = 500_000  # somebody chose it, and the words clearly say another
OPPOSED_PPM = 820_000  # the confidence from which words count as clearly saying


class _RuleWords(Struct, frozen=True):
    rule: Rule
    here: tuple[tuple[str, str], ...]  # as compared, as written
    latin: tuple[tuple[str, str], ...]
    component: bool


def guess_of(
    text: str, declared: ClassKey | None, policy: Policy, likely: Sequence[Likely] = (), trust: Trust = COLD
) -> Guess:
    """What the report is about. Reasons are codes and words of the pack, never the reporter's.

    `likely` is what the city's lessons say (`learning.linear.likely_of`), with the `trust` of that
    model beside the words of the pack, which decide alone where there is no model.
    """
    said = plain(text)
    words = latin_words(said)
    scored = scores_of(said, words, word_index(policy))
    found = [_ruled(each, said, words, policy) for each in scored if each.reasons]
    if len(found) > 1:
        found = _refined(found)
        found.sort(key=_score, reverse=True)
    others = [*[each for each, _, _ in found[1:]], *[each for each in scored if not each.reasons]]
    proposals = []
    for number, (each, rule, why) in enumerate(found[:PROPOSALS_MAX]):
        ppm = confidence_ppm(each.score, found[0][0].score if number else _rival(each, others), len(said))
        if ppm >= PROPOSED_PPM_MIN or each.class_key == declared:
            proposals.append(
                Proposal(class_key=each.class_key, rule=rule.code, confidence_ppm=ppm, reasons=each.reasons + why)
            )
    if likely and trust.lessons:
        proposals = with_lessons(proposals, likely, trust, policy, PROPOSALS_MAX)
        proposals = [each for each in proposals if each.confidence_ppm >= PROPOSED_PPM_MIN]
    if declared is not None and declared in policy.rules_of_class:
        proposals = _with_declared(proposals, declared, said, words, policy)
    urgency = policy.rule_by_code[proposals[0].rule].urgency if proposals else 0
    return Guess(proposals=tuple(proposals), urgency=urgency)


def confidence_ppm(score: float, rival: float, chars: int) -> int:
    """How often a class with this score was right while another had `rival`, in a text of this length. Units: ppm.

    Rises with the score, falls with the rival's and the length; see CALIBRATION.
    """
    if score <= 0.0:
        return 0
    strength = score / (score + HALF_SURE + max(0, chars - LONG_CHARS) / LONG_STEP_CHARS)
    margin = max(0.0, score - rival) / score
    at = strength * (0.25 + 0.75 * margin)
    place = bisect_right(CALIBRATION, (at, 1_000_000)) - 1
    if place + 1 >= len(CALIBRATION):
        return CALIBRATION[-1][1]
    (x1, y1), (x2, y2) = CALIBRATION[place], CALIBRATION[place + 1]
    return round(y1 + (y2 - y1) * (at - x1) / (x2 - x1))


_Ruled = tuple[Scored, Rule, tuple[str, ...]]


def _refined(found: list[_Ruled]) -> list[_Ruled]:
    """A fine class that has words of its own in the text has those of its minor class, too."""
    scores = {each.class_key: each.score for each, _, _ in found}
    raised = []
    for each, rule, why in found:
        above = [score for key, score in scores.items() if each.score >= HALF_SURE and _lies_in(each.class_key, key)]
        raised.append((replace(each, score=each.score + sum(above)), rule, why) if above else (each, rule, why))
    return raised


def _rival(best: Scored, others: list[Scored]) -> float:
    """The score of the best other class; the minor class of a fine one is no rival, nor it of that.

    Where all that came are such kin, the rival who did not come has no more than the last of them.
    """
    apart = [
        each.score for each in others
        if not _lies_in(best.class_key, each.class_key) and not _lies_in(each.class_key, best.class_key)
    ]  # fmt: skip
    unseen = others[-1].score if len(others) >= BEST_MAX - 1 else 0.0
    return max(apart, default=unseen)


def _lies_in(key: ClassKey, minor: ClassKey) -> bool:
    """Whether the key is that of a fine class in this minor class: two digits longer."""
    return len(key) > len(minor) and key.startswith(minor)


def _score(each: _Ruled) -> float:
    return each[0].score


def _ruled(each: Scored, said: str, words: list[str], policy: Policy) -> _Ruled:
    """The class with its rule; a component that is only named, with nothing wrong beside it, counts for less."""
    known = _rule_words(policy)[each.class_key]
    heard = _heard(known, each.near, f" {each.near_words} " if each.near_words else "")
    if heard is None and known[0].component and not any(word in each.near for word in _wrong_words(policy)):
        each = replace(each, score=each.score * BARE)
    if heard is None and len(known) > 1:
        heard = _heard(known, said, f" {' '.join(words)} " if words else "")
    if heard is None:
        default = next((rule for rule in known if rule.rule.is_default), known[0])
        return each, default.rule, ("rule:default",) if len(known) > 1 else ()
    return (
        each,
        heard[0],
        tuple([f"rule_word:{word}" for word in heard[1][:3] if f"rule_word:{word}" not in each.reasons]),
    )


def _heard(known: tuple[_RuleWords, ...], said: str, latin: str) -> tuple[Rule, list[str]] | None:
    """The rule that the text has most words of; of equals the first of the pack; None where it has none."""
    best: tuple[Rule, list[str]] | None = None
    most = 0
    for each in known:
        words = [written for form, written in each.here if form in said] if said else []
        if latin:
            words += [written for form, written in each.latin if form in latin]
        if (size := sum(map(len, words))) > most:
            best, most = (each.rule, words), size
    return best


def _with_declared(
    found: list[Proposal], declared: ClassKey, said: str, words: list[str], policy: Policy
) -> list[Proposal]:
    """The proposals with the class that somebody chose in front; none is surer than it."""
    same = next((each for each in found if each.class_key == declared), None)
    others = [each for each in found if each.class_key != declared]
    opposed = same is None or same is not found[0]
    ppm, more = (DECLARED_SILENT_PPM if opposed else DECLARED_AGREED_PPM), ()
    if opposed and others and others[0].confidence_ppm >= OPPOSED_PPM:
        ppm, more = DECLARED_OPPOSED_PPM, (f"words_say:{others[0].class_key}",)
    if same is None:
        _, rule, why = _ruled(Scored(class_key=declared, score=0.0, reasons=()), said, words, policy)
        same = Proposal(class_key=declared, rule=rule.code, confidence_ppm=0, reasons=why)
    first = replace(same, confidence_ppm=ppm, reasons=("declared", *same.reasons, *more))
    return [first, *[replace(each, confidence_ppm=min(each.confidence_ppm, ppm)) for each in others]][:PROPOSALS_MAX]


def _rule_words(policy: Policy) -> dict[ClassKey, tuple[_RuleWords, ...]]:
    known = policy.__dict__.get("_rule_words")
    if known is None:
        known = policy.__dict__["_rule_words"] = {
            key: tuple(_words_of(rule, policy.class_by_key[key].kind) for rule in rules)
            for key, rules in policy.rules_of_class.items()
        }
    return known


def _wrong_words(policy: Policy) -> tuple[str, ...]:
    """Words by which rules of several component classes tell what is wrong: broken, fallen, missing, blocked."""
    known = policy.__dict__.get("_wrong_words")
    if known is None:
        classes: dict[str, set[ClassKey]] = {}
        for key, rules in _rule_words(policy).items():
            for each in rules:
                for form, _ in each.here if each.component else ():
                    classes.setdefault(form, set()).add(key)
        common = [form for form, keys in classes.items() if len(keys) >= WRONG_CLASSES_MIN]
        known = policy.__dict__["_wrong_words"] = tuple(sorted(common, key=lambda form: -len(classes[form])))
    return known


def _words_of(rule: Rule, kind: Kind) -> _RuleWords:
    forms = [(plain(word), word) for word in rule.words]
    return _RuleWords(
        rule,
        tuple((form, word) for form, word in forms if not form.isascii()),
        tuple(
            (f" {' '.join(latin_words(form))} ", word) for form, word in forms if form.isascii() and latin_words(form)
        ),
        kind is Kind.component,
    )
