"""What people are told of a problem with a file, in their language."""

from __future__ import annotations

from bot.locale import Words
from bot.model import Problem
from bot.rendering.bidi import isolated
from bot.rendering.rich import line


def explained(problem: Problem, w: Words) -> str:
    """Say in one line what is wrong, what to do, where, and which value or key is meant."""
    # An index that another version wrote may hold a code that is no more.
    sentence = sentences(w).get(problem.code, problem.code)
    place = w("line {n}", n=problem.line) if problem.line else ""
    about = isolated(line(problem.about)).text
    return " · ".join(filter(None, [sentence, place, about]))


def sentences(w: Words) -> dict[str, str]:
    """Give the sentence for each code."""
    return {
        "unreadable": w("This cannot be read: check its permissions, or where it leads"),
        "outside-archive": w("The link leads out of the archive: put the file itself here"),
        "bad-name": w("The file's name is not UTF-8: rename it"),
        "too-large": w("The file is larger than any digest: split it into several"),
        "too-complex": w("The file has more lines or markup than any digest: split or clean it"),
        "not-utf8": w("The file is not UTF-8 text: save it as UTF-8"),
        "empty": w("The file is empty: write the digest or delete the file"),
        "bad-front-matter": w("The front matter cannot be read: mend that line"),
        "late-front-matter": w("Something stands before the front matter: delete it or move it"),
        "no-closing-line": w("The front matter has no closing line: add it here"),
        "bad-colon": w("A colon and a blank belong after the name: write title: …"),
        "unquoted": w("The value cannot be read: put it in quotation marks"),
        "no-date": w("No date is known: write date: YYYY-MM-DD into the front matter"),
        "bad-source-file": w("The source's own file cannot be used: mend it to push again"),
        "other-category": w("The category is none of the source's: add it to its categories"),
        "unclear-category": w("Its folder has several categories: name the digests' in its file"),
        "index-page": w("This is an index page, not a digest: nothing to do"),
        "draft": w("This is marked as a draft: remove the mark to publish it"),
        "empty-day": w("The day has no news: nothing to do, or write some"),
        "stub": w("The body has hardly any text: complete it, or push it by hand"),
        "garbage": w("The text is unlike its source, in script or subject: check what wrote it"),
        "machine-text": w("A program's excuse, log or loop: run it again or remove these lines"),
        "unfilled": w("A template is not filled in: write what belongs there"),
        "no-headline": w("Nothing in it can be a headline: write a summary, or push it by hand"),
        "future-day": w("The day is still to come: check the date, or wait"),
        "duplicate": w("Another file says the same, word for word: delete one of the two"),
        "conflict": w("A merge left its marks here: choose one side and remove them"),
        "too-deep": w("Lists or quotes are nested too deep and text is lost: flatten them"),
        "date-ignored": w("The date cannot be used, another was found: write YYYY-MM-DD"),
        "broken-characters": w("Some characters were lost before they came here: retype them"),
        "no-title": w("There is no title: write title: … into the front matter"),
        "cover-ignored": w("The picture has no web address: write one that begins with https://"),
        "link-ignored": w("Links have no web address: write ones that begin with https://"),
        "long-summary": w("Readers do not get the whole summary: shorten it"),
        "left-out": w("What reads like advertising is left out: reword what is news"),
    }
