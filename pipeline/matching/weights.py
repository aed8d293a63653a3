"""The numbers and word lists that matching decides by, but for the weights learnt from data.

The learnt weights stand in `calibration`. A change of anything here or there that can change a
verdict raises VERSION, so that the ledger can tell verdicts apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from pipeline.text import fold

VERSION = 6
"""Stored with every verdict."""

# Outcomes.
AUTO_AT = 0.90
"""Probability from which a link needs no person, if nothing bars it."""
REVIEW_AT = 0.35
"""Probability from which a person is asked."""
ONE_OF_THEM = 0.7
"""Probability from which a person is asked which of the first three talks it is."""
CLEAR_MARGIN = 2.0
"""How far (in log-odds) the runner-up must stay behind: 0.88 against 0.12."""
CLEAR_RIVAL = 0.5
"""How far (in log-odds) one upload must be ahead of another that claims the same talk."""
SAME_LENGTH = 0.02
"""Share of their length by which two copies of one recording may differ."""
WHOLE_TALK = 0.965
"""Coverage from which all of a talk's title is in the upload's, but for what was cut."""
WHOLE_TITLE = 0.93
"""Coverage by weight from which one title contains the other, but for a common word."""
SUFFICIENT_MASS = 1.2
"""Weight of the shared words below which a title is too common to decide on its own."""
HALF_TITLE = 0.5
"""Likeness of a title below which it does not name the talk."""
AMONG = 0.75
"""Share of the uploads of one release from which the release is taken to be the event's."""
ASTRAY = 0.5
"""Share of a release, long before or after the others, below which it is another event's."""
MOSTLY = 0.6
"""Share of a release from which a short title that is all of a talk's is enough."""
NAMED = 0.75
"""Grade from which a speaker counts as named."""

BY_HAND = {
    "length fits": 0.3,
    "length misfits": -1.0,
    "linked to": 9.0,
    "no talk": -6.0,
    "other script": 0.0,
    "untitled": -3.2,
    "untitled, speaker": 3.6,
    "untitled, in a list of the event": 2.0,
}
"""Log-odds that were not learnt: too few series of the labelled events show these."""

# How a speaker's name was found, as a share of SPEAKER.
FULL = 1.0
"""First and last name, or all of the name."""
NEARLY = 0.8
"""An initial, a short form, a misspelling or a cut end."""
LAST_NAME = 0.5
"""The last name alone."""
FIRST_NAME = 0.45
"""The first name alone, that nobody else of the event has."""
OTHER_FIRST_NAME = 0.2
"""The last name behind a first name that is not the speaker's."""

# Words.
COMMON_WEIGHT = 0.1
"""What a function word weighs, where a word of one title alone weighs 1."""
RARE = 0.55
"""Weight from which a word counts as rare: it stands in at most two titles."""
SAME_WORD = 88.0
"""rapidfuzz ratio from which two long words are one (plurals, misspellings)."""
LONG_WORD = 5
"""Letters from which two spellings of a word may be one."""
MAIN_TITLE = 0.95
"""What agreement with a title's main part counts, when the subtitle is missing."""
CUT_TITLE = 0.97
"""What agreement with the beginning of a title counts, when the upload's title is cut."""
SHARED_AT_LEAST = 4
"""Videos a list must have before words that most of them share are taken for its own."""

# Lengths.
SHORT = timedelta(minutes=5)
"""Shorter uploads are announcements more often than talks."""
VERY_SHORT = timedelta(minutes=3)
"""Up to this length an upload may be one of YouTube's Shorts, which advertise (since 2024)."""
SLOT_FITS = (0.45, 1.45)
"""A recording's share of the planned slot that fits; questions are cut, and slots overrun."""
SLOT_MISFITS = (0.2, 2.0)
"""Shares of the planned slot below and above which a recording does not fit."""


def _words(line: str) -> frozenset[str]:
    return frozenset(fold(line).split())


FUNCTION_WORDS = _words(
    "a about an and are as at be by can do for from how in into is it its my not of on or our "
    "should so that the their this to up us via vs we what when where who why will with you your "
    "der die das und mit fur von im ein eine le la les et pour avec un une des du de el los las y "
    "con para en una o e do da no na com um uma il lo gli per di"
)
"""Words that tell little in the languages conferences are mostly held in, folded."""


def _kinds(lines: Mapping[str, str]) -> dict[str, str]:
    return {word: kind for kind, line in lines.items() for word in fold(line).split()}


KINDS_ELSEWHERE = _kinds(
    {
        "keynote": "plenaria plenarvortrag 基調講演 キーノート 主题演讲 主題演講 키노트 기조연설",
        "lightning": "blitzvortrag blitzvorträge relámpago блиц lt "
        "ライトニングトーク 闪电演讲 閃電演講 라이트닝",
        "panel": "podiumsdiskussion podiumsgespräch paneldiskussion panelová panelowa "
        "パネルディスカッション 圆桌论坛 圓桌論壇 패널",
        "workshop": "warsztat warsztaty воркшоп ワークショップ 工作坊 워크숍",
        "opening": "eröffnung begrüßung inauguración apertura abertura ouverture otwarcie zahájení "
        "açılış открытие έναρξη オープニング 開会 開会式 开幕 开幕式 開幕式 오프닝 개회식",
        "closing": "abschluss verabschiedung clausura cierre encerramento clôture zakończenie "
        "zakončení kapanış закрытие λήξη クロージング 閉会 閉会式 闭幕 闭幕式 閉幕式 클로징 폐회식",
    }
)
"""Words of other languages than English for kinds of session, and which, folded."""

KINDS = KINDS_ELSEWHERE | _kinds(
    {
        "keynote": "keynote keynotes plenary",
        "lightning": "lightning lighting ignite",
        "panel": "panel",
        "workshop": "workshop tutorial",
        "opening": "opening welcome",
        "closing": "closing",
        "podcast": "podcast",
        "fireside": "fireside",
    }
)
"""Words that say what kind of session it is, and which, folded."""

GENERIC_WORDS = KINDS_ELSEWHERE.keys() | _words(
    "keynote opening closing welcome remarks lightning talk talks panel workshop tutorial session "
    "sessions day part conference discussion introduction intro fireside chat live q qa question "
    "questions answer answers speech tba tbd "
    "vortrag vorträge charla charlas ponencia palestra prelekcja wykład přednáška konuşma доклад "
    "доклады 講演 演讲 演講 발표 セッション 세션 大会 talki talky 토크"
)
"""Words that name a kind of session; every event has one of those."""

KIND_PREFIXES = frozenset(
    (
        *("keynote", "opening keynote", "closing keynote", "panel", "panel discussion", "podcast"),
        *("lightning talk", "lightning talks", "workshop", "tutorial", "talk", "session"),
        *("fireside chat", "discussion", "plenary", "sponsored", "sponsor talk"),
    )
)
"""What may stand before a colon in a title without being part of it."""

QUESTIONS = _words(
    "q a qa questions question answers answer and fragen antworten preguntas respuestas"
)
"""Words of which a part of a title consists that says an upload holds the questions alone."""

OTHER_KINDS = _words(
    "trailer trailers teaser teasers interview interviews aftermovie livestream announcement "
    "announcing promo highlights recap bumper preview shorts outtakes timelapse "
    "entrevista entrevistas entretien intervista wywiad rozhovor röportaj interjú интервью "
    "трейлер анонс tráiler zwiastun fragman rückblick インタビュー 予告 采访 预告 인터뷰 예고"
)
"""Words of uploads that are about an event or a talk, and no recording of it."""

MONTHS = _words(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec "
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre "
    "janeiro fevereiro marco maio junho julho setembro outubro novembro dezembro "
    "januar februar marz mai juni juli oktober dezember "
    "janvier fevrier mars avril juin juillet aout septembre octobre decembre "
    "gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre"
)
"""Words that stand before a year without naming an event, folded."""

HONORIFICS = _words("dr prof mr mrs ms さん 氏 様 님 씨")
"""What may stand beside a speaker's name without being part of it."""

PARTICLES = _words("van von de der den del della di da dos du la le ten ter op el al")
"""Words that last names begin with, and that are written apart or not."""

CONFERENCE_WORDS = _words(
    "conf conference con camp meetup days day summit fest festival unconference"
)
"""Words that end the names of many events; a name is known without its own."""

BY_WORDS = HONORIFICS | _words(
    "by with and the various presenters speakers people many speaker presenter ft feat featuring "
    "presents"
)
"""Words that stand around names without saying what a talk is about."""

LANGUAGES = _words(
    "english englisch ingles anglais inglese german deutsch aleman allemand tedesco "
    "spanish espanol spanisch espagnol french francais franzosisch italian italiano "
    "portuguese portugues japanese korean chinese russian original translated ubersetzung"
)
"""Words that say in which language an upload is, folded."""
