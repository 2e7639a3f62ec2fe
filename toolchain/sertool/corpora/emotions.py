"""The one vocabulary in which every corpus names its emotions, and the words that folders use for them."""

from __future__ import annotations

import re
import unicodedata

EMOTIONS = (
    "anger",
    "boredom",
    "calm",
    "disgust",
    "fear",
    "happiness",
    "neutral",
    "sadness",
    "surprise",
)

#: What speakers enrol with.
NEUTRAL = "neutral"

# English with the short forms of data sets, then German, French, Italian, Spanish, Portuguese, Dutch, Polish,
# Turkish, Russian, Chinese, Japanese. A word that means two of the emotions in two languages is left out.
_WORDS = {
    "anger": "anger angry ang wut wütend ärger zorn colère rabbia ira rabia enfado raiva boosheid woede "
    "złość gniew öfke kızgın гнев злость 愤怒 生气 怒り",
    "boredom": "boredom bored langeweile gelangweilt ennui noia aburrimiento tédio verveling nuda скука 无聊 "
    "退屈",
    "calm": "calm calmness ruhe ruhig gelassen calme calma rust spokój sakin спокойствие спокойный 平静",
    "disgust": "disgust disgusted dis ekel dégoût disgusto asco nojo walging wstręt tiksinti iğrenme "
    "отвращение 厌恶 嫌悪",
    "fear": "fear fearful afraid anxiety anxious fea angst furcht peur paura miedo medo strach korku страх "
    "恐惧 害怕 恐れ",
    "happiness": "happiness happy hap joy joyful freude fröhlich glück joie gioia felicità alegría alegria "
    "felicidad felicidade blijdschap vreugde radość mutlu mutluluk радость счастье 快乐 高兴 喜び",
    "neutral": "neutral neu neutre neutrale neutro neutraal neutralny nötr нейтрально нейтральный 中性",
    "sadness": "sadness sad traurig trauer traurigkeit tristesse tristezza tristeza verdriet smutek üzgün "
    "üzüntü грусть печаль 悲伤 难过 悲しみ",
    "surprise": "surprise surprised sur ps pleasant_surprise pleasant_surprised überraschung überrascht "
    "sorpresa surpresa verrassing zaskoczenie şaşkın удивление 惊讶 驚き",
}
# What people sort recordings by besides: labels by themselves, whose names stay as they are spelled.
_STATES = (
    "stress stressed no_stress not_stressed unstressed non_stress nostress relaxed excited excitement "
    "frustrated frustration contempt amused amusement tired sleepy drowsy alert positive negative confused "
    "pride shame guilt relief interest love hate laughter laughing crying pain panic depressed depression "
    "sarcasm sarcastic irony irritated other others unknown"
)


def plain(text: str) -> str:
    """Reduce a name to what is compared: no accents, no case, one `_` for whatever separates words."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "_", bare.casefold().replace("ı", "i")).strip("_")


_EMOTION_OF = {plain(word): emotion for emotion, words in _WORDS.items() for word in words.split()}
_KNOWN_STATES = frozenset(_STATES.split())
_NUMBERED = re.compile(r"\d+_(?=\D)")


def emotion_of(label: str) -> str | None:
    """Return the emotion that `label` names, in any spelling known here, with or without a number in front."""
    word = plain(label)
    return _EMOTION_OF.get(word) or _EMOTION_OF.get(_NUMBERED.sub("", word, count=1))


def canonical_emotion(label: str) -> str:
    """Name `label` as `EMOTIONS` does where it is a known spelling, else return it as it is."""
    return emotion_of(label) or label


def tells_a_label(name: str) -> bool:
    """Whether a folder of this name is one of labels: an emotion, or another word that people sort by."""
    return emotion_of(name) is not None or plain(name) in _KNOWN_STATES
