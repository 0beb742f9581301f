"""Which sentences of ours promise something, and until when."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as some
from promise_sentences import PROMISED
from rules_builders import policy
from unpromising_sentences import NOT_PROMISED

from bot.rules.business_days import zone
from bot.rules.deadlines import Said
from bot.rules.promised_dates import LONGEST_SENTENCE, MOST, promised_dates, warn_at

#: A Monday, 10:00 in Copenhagen.
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOURS = policy().hours
HOME = {"da": "DK", "nb": "NO", "nn": "NO", "sv": "SE", "en": "DK"}


def _said(language: str = "da", now: datetime = NOW, country: str = "") -> Said:
    return Said(now, country or HOME[language], HOURS)


def _until(text: str, language: str = "da", now: datetime = NOW, country: str = "") -> list[str]:
    """On the wall where the customer lives; a day alone is all of it."""
    said = _said(language, now, country)
    found = []
    for each in promised_dates(text, language, said):
        local = each.due_at.astimezone(zone(said.country))
        found.append(f"{local:%Y-%m-%d}" if each.whole_day else f"{local:%Y-%m-%d %H:%M}")
    return found


@pytest.mark.parametrize(
    ("language", "sentence", "until"),
    [(language, sentence, until) for language, rows in PROMISED.items() for sentence, until in rows],
)
def test_a_sentence_that_says_what_we_do_by_when_is_a_promise(
    language: str, sentence: str, until: tuple[str, ...]
) -> None:
    assert _until(sentence, language) == list(until)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [(language, sentence) for language, rows in NOT_PROMISED.items() for sentence in rows],
)
def test_a_date_that_binds_us_to_nothing_is_no_promise(language: str, sentence: str) -> None:
    assert _until(sentence, language) == []


@pytest.mark.parametrize(("language", "least"), [("da", 40), ("nb", 40), ("nn", 20), ("sv", 40), ("en", 40)])
def test_the_table_is_long_enough_to_mean_something(language: str, least: int) -> None:
    promised, others = len(PROMISED[language]), len(NOT_PROMISED[language])
    assert promised + others >= least
    assert min(promised, others) >= least // 4


@pytest.mark.parametrize(
    ("now", "text", "until"),
    [
        # A Friday afternoon: the week has no working day left but today, then only its Sunday.
        ("2026-03-06T15:00+01:00", "Jeg vender tilbage i løbet af ugen.", ["2026-03-06"]),
        ("2026-03-07T15:00+01:00", "Jeg vender tilbage i løbet af ugen.", ["2026-03-08"]),
        # Said on a Wednesday, "Wednesday" is the next one, unless an hour of today is meant.
        ("2026-03-04T10:00+01:00", "Jeg skriver senest onsdag.", ["2026-03-11"]),
        ("2026-03-04T10:00+01:00", "Jeg skriver senest onsdag kl. 15.", ["2026-03-04 15:00"]),
        # An hour that has passed today is that of the next working day.
        ("2026-03-06T16:00+01:00", "Jeg skriver inden kl. 12.", ["2026-03-09 12:00"]),
        # Over Danish Easter, and from winter into summer time.
        ("2026-03-31T10:00+02:00", "Vi svarer inden for tre hverdage.", ["2026-04-08"]),
        ("2026-03-27T10:00+01:00", "Jeg ringer mandag kl. 10.", ["2026-03-30 10:00"]),
        # In December a day in January is next year's; one of last week is over.
        ("2026-12-20T10:00+01:00", "Du hører fra mig senest den 5. januar.", ["2027-01-05"]),
        ("2026-12-20T10:00+01:00", "Du hører fra mig senest den 14. december.", []),
        ("2026-11-21T10:00+01:00", "Du hører fra mig den 3. december.", ["2026-12-03"]),
        ("2026-11-21T10:00+01:00", "Du hører fra mig senest 3/12-2026.", ["2026-12-03"]),
        ("2026-11-21T10:00+01:00", "Jeg skriver i uge 49.", ["2026-12-04"]),
        # A holiday stays the day that was said.
        ("2026-12-21T10:00+01:00", "Jeg skriver senest den 24. december.", ["2026-12-24"]),
    ],
)
def test_the_day_is_counted_from_the_day_it_was_said(now: str, text: str, until: list[str]) -> None:
    assert _until(text, now=datetime.fromisoformat(now)) == until


def test_the_customers_own_clock_counts() -> None:
    (promise,) = promised_dates("I'll call you tomorrow at noon.", "en", _said("en", country="FI"))
    assert promise.due_at == datetime(2026, 3, 3, 10, tzinfo=UTC)
    # Late in the evening in Copenhagen it is tomorrow in Helsinki.
    late = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)
    assert _until("I'll write to you tomorrow.", "en", late, "FI") == ["2026-03-04"]
    assert _until("I'll write to you tomorrow.", "en", late, "DK") == ["2026-03-03"]


def test_before_a_day_ends_with_the_day_before_it_where_the_language_means_so() -> None:
    assert _until("Jag återkommer innan fredag.", "sv") == ["2026-03-05"]
    assert _until("Jeg skriver inden fredag.", "da") == ["2026-03-05"]
    assert _until("I'll write before Friday.", "en") == ["2026-03-05"]
    assert _until("I'll write by Friday.", "en") == ["2026-03-06"]
    # To a Norwegian the day itself is within it.
    assert _until("Jeg skriver innen fredag.", "nb") == ["2026-03-06"]
    assert _until("Jeg skriver før fredag.", "nb") == ["2026-03-05"]


def test_a_letter_gives_each_date_once_and_the_sentence_as_it_was_read() -> None:
    letter = (
        "Hej Mette,\n\nJeg sender dine 499 kr. tilbage lige nu.\nDu har pengene senest mandag den 9. marts. "
        "Senest onsdag skriver jeg,\nhvor pakken er. Du hører fra mig senest onsdag.\n\nVenlig hilsen\nFreja"
    )
    first, second = promised_dates(letter, "da", _said())
    assert first.sentence == "Senest onsdag skriver jeg, hvor pakken er."
    assert second.sentence == "Du har pengene senest mandag den 9. marts."
    assert (first.is_money, second.is_money) == (False, True)


def test_what_is_quoted_from_the_customer_promises_nothing() -> None:
    text = "Hej,\n\nTak for din besked.\n\n> Jeg skriver til dig senest onsdag.\n> Du får svar fredag.\n"
    assert _until(text) == []


def test_one_text_is_not_taken_to_promise_more_than_a_few_things() -> None:
    text = " ".join(f"Jeg skriver senest den {day}. marts." for day in range(5, 20))
    assert _until(text) == ["2026-03-05", "2026-03-06", "2026-03-07"]
    assert MOST == 3


@pytest.mark.parametrize(
    ("said", "due", "whole_day", "warned"),
    [
        # A day: when it opens.
        ("2026-03-02T10:00+01:00", "2026-03-04T23:59:59+01:00", True, "2026-03-04T09:00+01:00"),
        # An hour: two opening hours before, the evening before where need be, over a weekend too.
        ("2026-03-02T10:00+01:00", "2026-03-04T12:00+01:00", False, "2026-03-04T10:00+01:00"),
        ("2026-03-02T10:00+01:00", "2026-03-04T10:00+01:00", False, "2026-03-03T16:00+01:00"),
        ("2026-03-05T10:00+01:00", "2026-03-09T10:00+01:00", False, "2026-03-06T16:00+01:00"),
        ("2026-03-02T10:00+01:00", "2026-03-04T21:00+01:00", False, "2026-03-04T15:00+01:00"),
        # A free day: the last working day before it.
        ("2026-03-02T10:00+01:00", "2026-03-08T23:59:59+01:00", True, "2026-03-06T09:00+01:00"),
        ("2026-12-21T10:00+01:00", "2026-12-25T23:59:59+01:00", True, "2026-12-23T09:00+01:00"),
        ("2026-03-30T10:00+02:00", "2026-04-06T12:00+02:00", False, "2026-04-01T15:00+02:00"),
        # Today: two hours before the house closes; and half way where that has passed.
        ("2026-03-02T10:00+01:00", "2026-03-02T23:59:59+01:00", True, "2026-03-02T15:00+01:00"),
        ("2026-03-02T14:00+01:00", "2026-03-02T15:00+01:00", False, "2026-03-02T14:30+01:00"),
    ],
)
def test_it_is_spoken_of_while_it_can_still_be_kept(
    said: str, due: str, whole_day: bool, warned: str
) -> None:
    now, due_at = datetime.fromisoformat(said), datetime.fromisoformat(due)
    at = warn_at(due_at, _said(now=now), whole_day=whole_day)
    assert at == datetime.fromisoformat(warned)


_WORDS = some.sampled_from(
    "jeg vi du I we you skriver svarer kommer har får senest inden innen innan by before within om i den the d. kl. "
    "klokken at 3 12 15 30 99 0 3.12. 31/2 29. februar onsdag onsdagen fredag Wednesday på i morgen tomorrow i dag "
    "næste uge next week tre two dage dagar days hverdage og och and , . ? ! : ; ( ) - – \n kr. 499 12:61 24:00 pm "
    "hvis when at efter after 2026-13-45 2026-02-30 week 60 uge 53 den 31. ß İ ﬁ \u200b \u202e".split(" ")
)


@given(
    some.one_of(some.text(max_size=400), some.lists(_WORDS, max_size=60).map(" ".join)),
    some.sampled_from([*HOME, "fi", "", "xx"]),
    some.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31), timezones=some.just(UTC)),  # noqa: DTZ001  # hypothesis adds the zone
    some.sampled_from(["DK", "NO", "SE", "FI", "GL", "IS", "XX", ""]),
)
@example("I'll write by " + "i " * 9_000, "en", NOW, "DK")
@example("senest " * 3_000 + "jeg skriver onsdag", "da", NOW, "DK")
@example("onsdag eller " * 2_000 + "torsdag skriver jeg", "da", NOW, "DK")
@example("jeg skriver senest 3" + "-3" * 9_000 + " dage", "da", NOW, "DK")
@example("jeg skriver, " * 1_500 + "senest onsdag", "da", NOW, "DK")
@example("İ" * 500 + " jeg skriver senest onsdag", "da", NOW, "DK")
def test_whatever_the_text_it_is_read_the_same_twice_and_every_promise_lies_ahead(
    text: str, language: str, now: datetime, country: str
) -> None:
    said = Said(now, country, HOURS)
    found = promised_dates(text, language, said)
    assert found == promised_dates(text, language, said)
    assert len(found) <= MOST
    assert [each.due_at for each in found] == sorted({each.due_at for each in found})
    for each in found:
        assert now < each.due_at < now + timedelta(days=401)
        assert each.due_at.utcoffset() == timedelta(0)
        assert 0 < len(each.sentence) <= LONGEST_SENTENCE
        assert now < warn_at(each.due_at, said, whole_day=each.whole_day) < each.due_at
