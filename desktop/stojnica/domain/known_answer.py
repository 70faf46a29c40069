"""Answers to what visitors ask, and finding them while somebody types: marks and capitals don't matter."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Texts = Mapping[str, str]
MAX_QUERY = 2_000
MAX_QUERY_WORDS = 24
_WORDS = re.compile(r"[^\W_]+")
# These letters have no decomposition in Unicode; "dj" is how đ is typed on a foreign keyboard.
_LETTERS = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_DJ = re.compile(r"dj+")
_SHORT = 3
_IN_QUESTION, _IN_ANSWER, _BY_STEM = 3, 2, 1
_STEM = 5


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """Hold a question that visitors ask, with its answer, by language; both are there in the same ones."""

    id: str
    category: Texts
    question: Texts
    answer: Texts


def folded(text: str) -> str:
    """Give a text as it is compared: no capitals, no marks; č=c, đ=dj=d, ß=ss, ł=l."""
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(letter)
    )
    # Casefolding once more: a compatibility letter may decompose into a capital one.
    return _DJ.sub("d", bare.casefold().translate(_LETTERS))


def words_of(text: str) -> tuple[str, ...]:
    """Give the words of a text as they are compared."""
    return tuple(_WORDS.findall(folded(text)))


@dataclass(frozen=True, slots=True)
class _Entry:
    place: int
    language: str
    question: tuple[str, ...]
    answer: tuple[str, ...]

    def weight(self, word: str) -> int:
        if _has_prefix(self.question, word):
            return _IN_QUESTION
        if _has_prefix(self.answer, word):
            return _IN_ANSWER
        # Slovene bends the ends of its words: zavarovanje finds zavarovan.
        stem = word[: max(_STEM, len(word) - 3)]
        is_near = len(word) > _STEM and (_has_prefix(self.question, stem) or _has_prefix(self.answer, stem))
        return _BY_STEM if is_near else 0


class AnswerIndex:
    """Find answers as somebody types; made once, off the UI thread, and quick to ask on any."""

    def __init__(self, answers: Iterable[KnownAnswer]) -> None:
        self.answers = tuple(answers)
        self._entries = tuple(
            _Entry(place, language, _sorted_words(item.question[language]), _words_around(item, language))
            for place, item in enumerate(self.answers)
            for language in item.answer
            if language in item.question
        )

    def find(self, query: str, language: str = "") -> tuple[KnownAnswer, ...]:
        """Give the answers that hold all words typed, in any language; else those that hold the most.

        The last word may be half typed. Equal ones keep the office's order; `language` comes first. Nothing
        typed finds all of them.
        """
        words = tuple(dict.fromkeys(words_of(query[:MAX_QUERY])))[:MAX_QUERY_WORDS]
        if not words:
            return self.answers if not query.strip() else ()
        best: dict[int, tuple[int, int, int]] = {}
        for entry in self._entries:
            weights = [entry.weight(word) for word in words]
            hits = sum(map(bool, weights))
            if hits:
                told = sum(1 for word, weight in zip(words, weights, strict=True) if weight and _tells(word))
                rank = (len(words) if hits == len(words) else told, sum(weights), entry.language == language)
                best[entry.place] = max(best.get(entry.place, (0, 0, 0)), rank)
        most = max((rank[0] for rank in best.values()), default=0)
        places = [place for place, rank in best.items() if rank[0] == most and most]
        places.sort(key=lambda place: (-best[place][1], -best[place][2], place))
        return tuple(self.answers[place] for place in places)


def _tells(word: str) -> bool:
    return len(word) > _SHORT


def _words_around(item: KnownAnswer, language: str) -> tuple[str, ...]:
    return _sorted_words(f"{item.category.get(language, '')} {item.answer[language]}")


def _sorted_words(text: str) -> tuple[str, ...]:
    return tuple(sorted(set(words_of(text))))


def _has_prefix(words: tuple[str, ...], prefix: str) -> bool:
    place = bisect_left(words, prefix)
    return place < len(words) and words[place].startswith(prefix)
