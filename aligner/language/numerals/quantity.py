"""A number with what it counts, and when two of them may stand for each other in a translation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from aligner.language.numerals.number import same_quantity

# A thermometer read in the other scale is rounded to whole degrees.
_DEGREES = Fraction(6, 10)
_NEAR = frozenset({"temperature"})
# These are labels, not amounts: 1998 and 2000 are two years, 360 minutes past midnight one time of day.
_EXACT = frozenset(
    {"year", "month", "day", "weekday", "clock", "label", "century", "date", "quarter", "fold"}
)
# A measure may be turned into the other system and rounded: 10 miles are 16 km.
_CONVERTED = frozenset({"metres", "grams", "square metres", "litres"})
_ROUNDING = Fraction(3, 100)
_TENS = frozenset(Fraction(10) ** power for power in range(-3, 7))


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a quantity: `values` of a dimension (months, clock, money, …), any of which may
    be meant. `units` are the possible currencies or scales (none: any). A bare figure beside it becomes this
    reading by `factor`; `None` where it can't.
    """

    dimension: str
    values: tuple[Fraction, ...]
    units: frozenset[str] = frozenset()
    factor: Fraction | None = None

    def agrees(self, other: Reading) -> bool:
        """Whether both may say the same; the dimensions are equal."""
        if self.units and other.units and not self.units & other.units:
            return False
        return any(self._near(left, right) for left in self.values for right in other.values)

    def _near(self, left: Fraction, right: Fraction) -> bool:
        if left == right:
            return True
        if self.dimension in _NEAR:
            return abs(left - right) < _DEGREES
        if self.dimension in _EXACT:
            return self.dimension == "year" and left > 0 < right and same_quantity(left, right)
        if self.dimension in _CONVERTED and self.factor != other_factor(self, right):
            return abs(left - right) <= _ROUNDING * max(abs(left), abs(right))
        return same_quantity(left, right)


def other_factor(reading: Reading, value: Fraction) -> Fraction | None:
    """A factor that no reading has where `value` is not a multiple of the reading's own unit."""
    if not reading.factor or (value / reading.factor).denominator == 1:
        return reading.factor
    return None


@dataclass(frozen=True, slots=True)
class Quantity:
    """Characters `[start, end)` of a text say `figures` (one of them), understood in one of `readings`.

    Without readings it is a bare number. `written`: "figures", "words", or "weak" (one, half, a: easily said
    another way). `loose`: it may also be a bare number. `parts` are the quantities it is put together from.
    `counts`: a word that counts things, 五个, three apples.
    """

    start: int
    end: int
    figures: tuple[Fraction, ...]
    readings: tuple[Reading, ...] = ()
    written: str = "figures"
    loose: bool = False
    parts: tuple[Quantity, ...] = ()
    percent: bool = False
    counts: bool = False

    def shares_dimension(self, other: Quantity) -> bool:
        """Whether both can be understood as the same kind of thing."""
        return not {each.dimension for each in self.readings}.isdisjoint(
            each.dimension for each in other.readings
        )


def agree(left: Quantity, right: Quantity) -> bool:
    """Whether a careful translator may have written one for the other."""
    if not left.readings or not right.readings:
        return _same_figures(left, right)
    pairs = [(a, b) for a in left.readings for b in right.readings if a.dimension == b.dimension]
    if pairs:
        if any(a.agrees(b) for a, b in pairs):
            return True
        kept = (left.loose or right.loose) and not any(_is_metric(a) or _is_metric(b) for a, b in pairs)
        return kept and _same_figures(left, right)
    if _same_price(left, right) or _same_price(right, left):
        return True
    if _names_only(left) or _names_only(right):
        return _same_figures(left, right)
    return (left.loose or right.loose) and _same_figures(left, right)


def _is_metric(reading: Reading) -> bool:
    """Whether its unit is one of metres, grams or litres by tens: nobody writes 15 kilograms for 15斤."""
    factor = reading.factor if reading.dimension in _CONVERTED else None
    return factor is not None and factor in _TENS


def _names_only(quantity: Quantity) -> bool:
    """Whether it may be an ordinal, which other languages say as a number of days, a century, a part."""
    return all(each.dimension == "label" for each in quantity.readings)


def _same_price(left: Quantity, right: Quantity) -> bool:
    """80 % of the price, or 20 % less, is what is paid at 八折."""
    shares = [value for each in left.readings if each.dimension == "share" for value in each.values]
    paid = [value for each in right.readings if each.dimension == "paid" for value in each.values]
    return any(price in (share, 1 - share) for price in paid for share in shares)


def _same_figures(left: Quantity, right: Quantity) -> bool:
    return any(_same_figure(a, b, left, right) for a in left.figures for b in right.figures)


def _same_figure(a: Fraction, b: Fraction, left: Quantity, right: Quantity) -> bool:
    if a == b or same_quantity(a, b):
        return True
    for part, whole in ((a, b), (b, a)):
        if whole < 1 and part in (whole.numerator, whole.denominator):  # one in ten is a tenth
            return True
    if not (left.percent or right.percent):
        return False
    return same_quantity(a, b * 100) or same_quantity(a * 100, b)


def is_said(quantity: Quantity, others: Sequence[Quantity]) -> bool:
    """Whether one of `others` (the other side's) says `quantity`, or all its parts are said one by one."""
    if any(agree(quantity, other) for other in others):
        return True
    if any(agree(quantity, part) for other in others if other.parts for part in _parts(other)):
        return True
    apart = [other for other in others if not (other.parts and quantity.shares_dimension(other))]
    return bool(quantity.parts) and all(is_said(part, apart) for part in quantity.parts)


def _parts(quantity: Quantity) -> tuple[Quantity, ...]:
    """The parts that may be said alone; those of a time of day may not."""
    return quantity.parts if quantity.readings and quantity.readings[0].dimension != "clock" else ()


_SMALL = 12  # a spelled number this small is easily said another way ("both", "a pair", 三三两两)


def missing(own: Sequence[Quantity], others: Sequence[Quantity]) -> list[Quantity]:
    """The quantities of one side that a reader would miss on the other.

    Figures and large numbers are missed wherever they are not said. A small spelled number, a weekday, a
    month, a count of things is missed where the other side says another one in its place: "three years" for 五年.
    """
    unsaid = [
        each for each in own if not is_said(each, _datable(others) if _is_before_christ(each) else others)
    ]
    strange = [each for each in others if not is_said(each, own)] if unsaid else []
    return [each for each in unsaid if _is_missed(each, strange)]


def _is_before_christ(quantity: Quantity) -> bool:
    return any(each.dimension == "year" and each.values[0] < 0 for each in quantity.readings)


def _datable(others: Sequence[Quantity]) -> Sequence[Quantity]:
    """Of `others` those that can be a year before Christ: a bare figure only beside one that says so."""
    return others if any(map(_is_before_christ, others)) else [each for each in others if each.readings]


def _are_rivals(left: Quantity, right: Quantity) -> bool:
    """Whether one may stand where the other should: of one kind, or one figure of two kinds (三天, three months)."""
    if left.shares_dimension(right) or (_is_span(left) and _is_span(right)):
        return True
    return bool(left.readings and right.readings and set(left.figures) & set(right.figures))


def _is_span(quantity: Quantity) -> bool:
    """Whether it is a span of time: five years, two weeks."""
    return any(each.dimension in ("seconds", "months") for each in quantity.readings)


def _is_missed(quantity: Quantity, strange: Sequence[Quantity]) -> bool:
    if quantity.written == "figures":
        return True
    if quantity.written == "words" and any(figure > _SMALL for figure in quantity.figures):
        return True
    if quantity.counts and any(each.counts for each in strange):
        return True
    if not quantity.readings or quantity.loose:
        return False
    rivals = [each for each in strange if not each.loose and _are_rivals(quantity, each)]
    return any(quantity.written != "weak" or each.written != "weak" for each in rivals)
