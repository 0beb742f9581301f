"""What a language has to say about promises."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DayWords:
    """How coming days and hours are named."""

    #: Monday first; a definite ending is allowed after `within`.
    weekdays: tuple[str, ...]
    #: January first.
    months: tuple[str, ...]
    today: str
    #: Says today, and that it is the latest.
    during_today: str
    tomorrow: str
    overmorrow: str
    morning: str
    noon: str
    afternoon: str
    evening: str
    #: The end of the working day.
    closing: str
    hours: str
    days: str
    business_days: str
    weeks: str
    months_long: str
    #: "no later than": the day itself counts.
    by: str
    #: "before": the day itself does not count.
    before: str
    #: "within", before a length of time and before weeks and days.
    within: str
    #: "in", before a length of time only: "in two days".
    after: str
    #: Said after the day: "at the latest".
    at_the_latest: str
    next: str
    this: str
    this_week: str
    next_week: str
    early_next_week: str
    before_weekend: str
    after_weekend: str
    weekend: str
    week_number: str
    month_end: str
    clock: str
    #: Small words between the parts of a date.
    glue: str
    #: "Wednesday or Thursday", "2-3", "two to three": the later one counts.
    between: str
    #: Right before a day these make it no deadline: since, every, last, until.
    not_a_deadline: str
    #: Right after a length of time: counted from something that has not happened.
    counted_from: str


@dataclass(frozen=True, slots=True)
class Vows:
    """How something is promised, and what only looks so."""

    #: Who promises.
    we: str
    #: What the customer gets: "you will have", "you hear".
    you_get: str
    #: Something comes or is done: enough beside any day.
    comes: str
    #: Something is somewhere: enough where a word like "by" stands beside the day.
    stands: str
    #: What we do, enough beside a bare day together with `we`.
    we_do: str
    #: Writing and calling: the only thing that "today" is promised of, for all else is done with the letter.
    we_say: str
    #: Words that begin another clause of the same weight.
    joins: str
    #: Words that begin a clause below the other: that, what, when.
    below: str
    #: Of these, the words that make it a condition.
    ifs: str
    #: The customer is to do it: anywhere in the clause.
    customers_part: str
    #: The customer is told to do it: at the beginning of the clause.
    commands: str
    #: At the beginning of a clause before it: it only holds if the customer does something.
    condition: str
    #: At the beginning of the clause after it.
    condition_after: str
    #: It has been.
    past: str
    #: It has not been after all, whatever `past` finds.
    future: str
    #: Opening hours, the law, offers, deadlines of others.
    other_dates: str
    #: We hope, expect, usually do, cannot.
    hedges: str
    #: In front of the day in the same clause.
    negations: str
    #: Others say so.
    others_say: str
    #: It is about money.
    money: str


@dataclass(frozen=True, slots=True)
class PromiseWords:
    """Both, for one language."""

    days: DayWords
    vows: Vows
