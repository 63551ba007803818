"""What can be wrong with a file: the codes, what each says, and what each makes of the file."""

from __future__ import annotations

from enum import StrEnum

from msgspec.structs import replace

from bot.model import Problem, Report, Status


class Code(StrEnum):
    """A kind of problem, for programs; docs/archive.md explains each to publishers."""

    UNREADABLE = "unreadable"
    OUTSIDE = "outside-archive"
    BAD_NAME = "bad-name"
    TOO_LARGE = "too-large"
    TOO_COMPLEX = "too-complex"
    NOT_UTF8 = "not-utf8"
    EMPTY = "empty"
    BAD_FRONT_MATTER = "bad-front-matter"
    LATE_FRONT_MATTER = "late-front-matter"
    NO_CLOSING_LINE = "no-closing-line"
    BAD_COLON = "bad-colon"
    UNQUOTED = "unquoted"
    NO_DATE = "no-date"
    BAD_SOURCE_FILE = "bad-source-file"
    OTHER_CATEGORY = "other-category"
    UNCLEAR_CATEGORY = "unclear-category"
    INDEX_PAGE = "index-page"
    DRAFT = "draft"
    EMPTY_DAY = "empty-day"
    STUB = "stub"
    GARBAGE = "garbage"
    MACHINE = "machine-text"
    UNFILLED = "unfilled"
    NO_HEADLINE = "no-headline"
    FUTURE_DAY = "future-day"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    TOO_DEEP = "too-deep"
    DATE_IGNORED = "date-ignored"
    BROKEN_CHARACTERS = "broken-characters"
    NO_TITLE = "no-title"
    LONG_SUMMARY = "long-summary"
    COVER_IGNORED = "cover-ignored"
    LINK_IGNORED = "link-ignored"
    LEFT_OUT = "left-out"


MESSAGES: dict[Code, str] = {
    Code.UNREADABLE: "this cannot be read ({detail}): check its permissions, or where it leads",
    Code.OUTSIDE: "the link leads out of the archive: put the file itself here",
    Code.BAD_NAME: "the file's name is not UTF-8: rename it",
    Code.TOO_LARGE: "the file has more than {limit}: split it into several digests",
    Code.TOO_COMPLEX: "the file has more {detail} than any digest: split or clean it",
    Code.NOT_UTF8: "the file is not UTF-8 text: save it as UTF-8",
    Code.EMPTY: "the file is empty: write the digest or delete the file",
    Code.BAD_FRONT_MATTER: "the front matter cannot be read ({detail}): mend that line",
    Code.LATE_FRONT_MATTER: "something stands before the front matter: delete or move it",
    Code.NO_CLOSING_LINE: "the front matter's closing line is missing: add {about} here",
    Code.BAD_COLON: "a colon or the blank after it is not right: write `{detail}: ` for `{about}`",
    Code.UNQUOTED: "the value of {about} cannot be read: put the value in quotation marks",
    Code.NO_DATE: "no date is known: write `date: YYYY-MM-DD` into the front matter",
    Code.BAD_SOURCE_FILE: "source.toml cannot be used ({detail}): mend it to push again",
    Code.OTHER_CATEGORY: "the category is {about}, which is not the digests': if it is, add it to "
    "source.toml's `categories`",
    Code.UNCLEAR_CATEGORY: "{about} is one of several categories here: name the digests' in "
    "source.toml's `categories`",
    Code.INDEX_PAGE: "this is an index page, not a digest: nothing to do",
    Code.DRAFT: "this is marked as a draft: remove the mark to publish it",
    Code.EMPTY_DAY: "the day has no news: nothing to do, or write some",
    Code.STUB: "the body has hardly any text: complete it, or push it by hand",
    Code.GARBAGE: "the text is unlike its source, in script or subject: check what wrote it",
    Code.MACHINE: "a program's excuse, log or loop ({about}): run it again or remove these lines",
    Code.UNFILLED: "a template is not filled in ({about}): write what belongs there",
    Code.NO_HEADLINE: "nothing in it can be a headline: write a summary, or push it by hand",
    Code.FUTURE_DAY: "the day {about} is still to come: check `date`, or wait",
    Code.DUPLICATE: "{about} says the same, word for word: delete one of the two",
    Code.CONFLICT: "a merge left its marks here: choose one side and remove them",
    Code.TOO_DEEP: "lists or quotes are nested too deep and text is lost: flatten them",
    Code.DATE_IGNORED: "the date {about} cannot be used, another was found: write YYYY-MM-DD",
    Code.BROKEN_CHARACTERS: "some characters were lost before they came here: retype them",
    Code.NO_TITLE: "there is no title: write `title: …` into the front matter",
    Code.LONG_SUMMARY: "readers get {limit} characters of the summary: shorten it",
    Code.COVER_IGNORED: "the picture {about} is no web address: write one that begins with https://",
    Code.LINK_IGNORED: "{detail} no web address ({about}): write one that begins with https://",
    Code.LEFT_OUT: "{detail} like advertising ({about}) and will be left out: reword what is news",
}

# The fields that may name a picture.
COVERS = ("coverimage", "cover", "image", "banner", "thumbnail", "featured_image")

# The fields that may say that a text is not finished, or not for all.
HIDING = ("draft", "private", "unlisted", "hidden")
SHOWING = ("published", "publish")
STATES = ("status", "state", "visibility", "状态")

# The fields of the front matter that problems without a line of their own are about.
FIELDS: dict[str, tuple[str, ...]] = {
    Code.OTHER_CATEGORY: ("category",),
    Code.UNCLEAR_CATEGORY: ("category",),
    Code.DRAFT: HIDING + SHOWING + STATES,
    Code.NO_DATE: ("date", "publishdate", "pubdate"),
    Code.FUTURE_DAY: ("date", "publishdate", "pubdate"),
    Code.DATE_IGNORED: ("date", "publishdate", "pubdate"),
    Code.LONG_SUMMARY: ("summary",),
    Code.COVER_IGNORED: COVERS,
}

# What a problem makes of its file; those not named leave it ready.
VERDICTS: dict[Code, Status] = {
    Code.UNREADABLE: Status.INVALID,
    Code.OUTSIDE: Status.INVALID,
    Code.BAD_NAME: Status.INVALID,
    Code.TOO_LARGE: Status.INVALID,
    Code.TOO_COMPLEX: Status.INVALID,
    Code.NOT_UTF8: Status.INVALID,
    Code.EMPTY: Status.INVALID,
    Code.BAD_FRONT_MATTER: Status.INVALID,
    Code.LATE_FRONT_MATTER: Status.INVALID,
    Code.NO_CLOSING_LINE: Status.INVALID,
    Code.BAD_COLON: Status.INVALID,
    Code.UNQUOTED: Status.INVALID,
    Code.NO_DATE: Status.INVALID,
    Code.BAD_SOURCE_FILE: Status.HELD,
    Code.OTHER_CATEGORY: Status.SKIPPED,
    Code.UNCLEAR_CATEGORY: Status.HELD,
    Code.INDEX_PAGE: Status.SKIPPED,
    Code.DRAFT: Status.HELD,
    Code.EMPTY_DAY: Status.HELD,
    Code.STUB: Status.HELD,
    Code.GARBAGE: Status.HELD,
    Code.MACHINE: Status.HELD,
    Code.UNFILLED: Status.HELD,
    Code.NO_HEADLINE: Status.HELD,
    Code.FUTURE_DAY: Status.HELD,
    Code.DUPLICATE: Status.HELD,
    Code.CONFLICT: Status.HELD,
    Code.TOO_DEEP: Status.HELD,
}


class UnusableError(Exception):
    """A file that cannot become a digest; *problem* says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def problem(
    code: Code, *, line: int | None = None, about: str = "", detail: str = "", limit: str = ""
) -> Problem:
    """Describe a problem with its remedy."""
    about = _short(about)
    message = MESSAGES[code].format(about=about, detail=_short(detail), limit=limit)
    return Problem(code.value, message, line, about)


def status_of(problems: tuple[Problem, ...]) -> Status:
    """Tell what the worst of the problems makes of a file."""
    verdicts = {VERDICTS.get(Code(problem.code), Status.READY) for problem in problems}
    order = (Status.INVALID, Status.SKIPPED, Status.HELD)
    return next((status for status in order if status in verdicts), Status.READY)


def added(report: Report, problem: Problem) -> Report:
    """Give a report with one problem more."""
    problems = (*report.problems, problem)
    return replace(report, problems=problems, status=status_of(problems))


def _short(detail: str) -> str:
    return " ".join(detail.split())[:120]
