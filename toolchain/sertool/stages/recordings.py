"""The recordings that a project speaks of, decoded into front-end features: what every stage starts from."""

from __future__ import annotations

import dataclasses
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from sertool import corpora
from sertool.corpora import Clip, Corpus, Screened, Split
from sertool.corpora.split import SplitRecord
from sertool.errors import SertoolError, printable
from sertool.fold_text import fold_numbers, fold_text
from sertool.frontend import FrontendSpec
from sertool.material import Material, clip_features, copies, enrolling, features_of, join, suitable
from sertool.project import BuildFolder, CorpusConfig, Project
from sertool.project.options import OPTIONS, lies_in, setting, with_settings
from sertool.stages.features import check_frontend
from sertool.stages.records import FrontendRecord, TrainingRecord

log = logging.getLogger(__name__)


def open_corpus(project: Project) -> Screened:
    """Load the project's corpus, without what `skip_bad` leaves out; synthetic speech where it names none.

    Raises SertoolError as `corpora.load` and `corpora.screen` do.
    """
    wanted = project.corpus
    if wanted.path is None:
        if wanted.telling:
            raise SertoolError(
                f"{', '.join(wanted.telling)}: this speaks of recordings, and no recordings are named",
                hint="name their folder with corpus.path",
            )
        corpus = corpora.default_corpus()
    else:
        corpus = corpora.load(wanted.path, **wanted.telling)
    return corpora.screen(corpus, skip_bad=wanted.skip_bad, shortest=project.frontend.spec.frame_length)


def kept_files(files: Sequence[Path], project: Project, spec: FrontendSpec) -> tuple[Path, ...]:
    """Return audio files without those that `skip_bad` leaves out, which are named in warnings."""
    if not project.corpus.skip_bad:
        return tuple(files)
    clips = tuple(Clip(path.absolute(), "", "", "files") for path in files)
    screened = corpora.screen(Corpus("files", Path("/"), clips), skip_bad=True, shortest=spec.frame_length)
    _announce_skipped(screened)
    bad = {path for path, _ in screened.skipped}
    return tuple(path for path in files if path.absolute() not in bad)


def announce(screened: Screened, split: Split, sample_rate: int) -> None:
    """Say what is trained on, and what was left out of it."""
    corpus = screened.corpus
    if corpus.synthetic:
        log.warning(
            "this corpus is SYNTHETIC speech: it proves the chain and says nothing about emotion; "
            "for real data: corpus.path = FOLDER "
            "(EMODB, RAVDESS, SAVEE, TESS, CREMA-D, or one sub-folder a label)"
        )
    sizes = ", ".join(f"{part} {len(clips)}" for part, clips in split.parts.items())
    log.info("%s: %d clips of %d speakers", corpus.name, len(corpus.clips), len(corpus.speakers))
    fold = fold_text(split.fold, corpora.folds(corpus, split.protocol))
    log.info("%s%s, seed %d: %s", split.protocol, fold, split.seed, sizes)
    for note in (*corpus.notes, *split.notes, *_conversions(corpus, sample_rate)):
        log.info("  %s", note)
    _announce_skipped(screened)
    found = corpora.contents(clip.path for clip in corpus.clips)
    for group in corpora.mislabelled(corpora.copies(corpus, found)):
        told = " = ".join(f"{corpus.relative(clip)} ({clip.emotion})" for clip in group)
        log.warning("  the same sound under several labels: %s", told)


def _announce_skipped(screened: Screened) -> None:
    for path, reason in screened.skipped:
        log.warning("  left out: %s: %s", printable(path), reason)


def _conversions(corpus: Corpus, sample_rate: int) -> Iterator[str]:
    found = corpora.contents(clip.path for clip in corpus.clips).values()
    rates = Counter(content.sample_rate for content in found)
    for rate in sorted(rates.keys() - {sample_rate}):
        yield f"{rates[rate]} clips converted from {rate} Hz to {sample_rate} Hz"
    several = sum(content.channels > 1 for content in found)
    if several:
        yield f"{several} clips of several channels made mono"
    cancelling = sum(content.cancels for content in found)
    if cancelling:
        yield f"{cancelling} of them have channels that cancel each other: one is taken, not their mix"
    offset = sum(content.offset >= corpora.OFFSET for content in found)
    if offset:
        yield f"{offset} clips have an offset: a mean of a fifth of the deviation or more"


def new_split(project: Project) -> tuple[Screened, Split]:
    """Open the project's corpus and split it; raises SertoolError for what cannot be used."""
    screened, wanted = open_corpus(project), project.corpus
    split = corpora.split(screened.corpus, wanted.protocol, seed=wanted.seed, fold=wanted.fold)
    return screened, enrolling(split, project.frontend.standardization, suitable(project.frontend.spec))


def new_material(project: Project) -> Material:
    """Split the project's corpus, run the front end over it, and fit the standardizer on the training part.

    Raises SertoolError as `new_split` and `join` do.
    """
    screened, split = new_split(project)
    corpus = screened.corpus
    spec = project.frontend.spec
    announce(screened, split, spec.sample_rate)
    features = clip_features(corpus, spec)
    return join(corpus, split, spec, features, project.frontend.standardization, project.augmentation)


def stored_material(project: Project, folder: BuildFolder) -> Material:
    """Take up the split and front end that `train` left.

    Later stages need not be told again which recordings the model was trained on; they may be told where those
    lie now. Raises SertoolError when these are other recordings, when a clip has changed since, and when the
    front end gives other numbers now.
    """
    written = folder.read(folder.split, SplitRecord, "train")
    frontend = folder.read(folder.frontend, FrontendRecord, "train")
    check_frontend(frontend.spec, frontend.golden_crc32, folder.frontend)
    corpus = open_corpus(_as_trained(project, folder)).corpus
    check_same(written, corpus)
    _check_split(written, corpus, folder)
    split = Split.from_record(written, corpus.root)
    raw = {
        part: features_of([clip.path for clip in clips], frontend.spec) for part, clips in split.parts.items()
    }
    told = folder.read(folder.training, TrainingRecord, "train").settings.project.augmentation
    made = copies(split, raw["train"], frontend.spec, told)
    enrolled = features_of([clip.path for clip in split.enrolled], frontend.spec)
    return Material(corpus, split, frontend.spec, frontend.standardizer, raw, made, enrolled)


def _check_split(written: SplitRecord, corpus: Corpus, folder: BuildFolder) -> None:
    """Raise SertoolError where a split is of other recordings than these."""
    emotions = {clip.emotion for clips in written.parts.values() for clip in clips}
    if unknown := sorted(emotions - set(corpus.emotions)):
        raise SertoolError(
            f"the recordings have no {unknown[0]}, which the split has",
            where=folder.split,
            allowed=", ".join(corpus.emotions),
            hint="name the recordings that were trained on with corpus.path, or train again: sertool train",
        )
    count = corpora.folds(corpus, written.protocol)
    if written.fold >= count:
        raise SertoolError(
            f"the split is of fold {written.fold} of {written.protocol}, which these recordings do not have",
            where=folder.split,
            allowed=fold_numbers(count),
            hint="train again: sertool train",
        )


def where_it_lies(project: Project, corpus: Corpus) -> Project:
    """Return a project whose corpus, if it names one, is found from everywhere: its places are absolute."""
    places = {option.key: setting(project, option.key) for option in OPTIONS if option.place}
    said = {key: place for key, place in places.items() if place and lies_in(key, ("corpus",))}
    found = {key: str(Path(place).expanduser().resolve()) for key, place in said.items()}
    if "corpus.path" in found:
        found["corpus.path"] = str(corpus.root)
    return with_settings(project, found)


def _as_trained(project: Project, folder: BuildFolder) -> Project:
    """Return the project with the corpus that the model was trained on, but for what is said of it anew."""
    recorded = folder.read(folder.training, TrainingRecord, "train").recordings
    said, silent = project.corpus, CorpusConfig()
    anew = {
        field.name: getattr(said, field.name)
        for field in dataclasses.fields(CorpusConfig)
        if getattr(said, field.name) != getattr(silent, field.name)
    }
    return dataclasses.replace(project, corpus=dataclasses.replace(recorded, **anew))


def check_same(written: SplitRecord, corpus: Corpus) -> None:
    """Raise SertoolError unless the corpus is the one that a split was made of: by sounds and labels."""
    trained = {clip.content: clip.emotion for clips in written.parts.values() for clip in clips}
    found = corpora.contents(clip.path for clip in corpus.clips)
    here = {found[clip.path].digest: clip.emotion for clip in corpus.clips}
    both = trained.keys() & here.keys()
    if not both:
        raise SertoolError(
            f"this is another corpus than the model was trained on: none of those {len(trained)} clips is here",
            where=corpus.root,
            allowed=f"the recordings of {written.corpus}, wherever they lie",
        )
    labels = [sorted(set(clips.values())) for clips in (trained, here)]
    if labels[0] != labels[1] or any(trained[clip] != here[clip] for clip in both):
        raise SertoolError(
            f"the clips are labelled otherwise than when the model was trained: {', '.join(labels[1])}",
            where=corpus.root,
            allowed=", ".join(labels[0]),
            hint="train again: sertool train",
        )
