"""Corpora: which clips there are, who speaks, which emotion, and which split of them trains and tests."""

from sertool.corpora.audit import Audit, audit
from sertool.corpora.catalogue import Description, Listed, describe, known
from sertool.corpora.clips import Clip, Corpus
from sertool.corpora.contents import OFFSET, READING, Content, Screened, contents, copies, mislabelled, screen
from sertool.corpora.emotions import EMOTIONS
from sertool.corpora.loading import KINDS
from sertool.corpora.opening import load
from sertool.corpora.recording import Pcm, read_pcm
from sertool.corpora.split import Split
from sertool.corpora.splitting import PROTOCOLS, folds, split
from sertool.corpora.synthesis import default_corpus, few_utterances, synthesize

__all__ = [
    "EMOTIONS",
    "KINDS",
    "OFFSET",
    "PROTOCOLS",
    "READING",
    "Audit",
    "Clip",
    "Content",
    "Corpus",
    "Description",
    "Listed",
    "Pcm",
    "Screened",
    "Split",
    "audit",
    "contents",
    "copies",
    "default_corpus",
    "describe",
    "few_utterances",
    "folds",
    "known",
    "load",
    "mislabelled",
    "read_pcm",
    "screen",
    "split",
    "synthesize",
]
