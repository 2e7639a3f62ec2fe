"""Corpora: which clips there are, who speaks, which emotion, and which split of them trains and tests."""

from sertool.corpora.contents import Screened, contents, screen
from sertool.corpora.loading import load
from sertool.corpora.model import EMOTIONS, Clip, Corpus
from sertool.corpora.recording import Pcm, read_pcm
from sertool.corpora.split import Split
from sertool.corpora.splitting import PROTOCOLS, folds, split

__all__ = [
    "EMOTIONS",
    "PROTOCOLS",
    "Clip",
    "Corpus",
    "Pcm",
    "Screened",
    "Split",
    "contents",
    "folds",
    "load",
    "read_pcm",
    "screen",
    "split",
]
