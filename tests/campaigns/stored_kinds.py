"""The kinds of files that sertool reads back: where each lies, what damages it, and what reads it."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import lzma
import os
import random
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import array_mutations
import mutations
import numpy as np
import table_mutations
from built_folder import SPEC, made

from checkpoint_examples import example
from sertool import corpora, laq, targets, training
from sertool.checkpoints.card import render_card
from sertool.checkpoints.checkpoint import seal_of
from sertool.checkpoints.storing import MODEL, RECORD
from sertool.experiments import results
from sertool.experiments.store import Store
from sertool.json_files import json_text
from sertool.locations import builtin_targets
from sertool.material import features_of
from sertool.project import load_project, resolve_project
from sertool.project.again import project_again, read_manifest
from sertool.project.new import write_project
from sertool.report import render_comparison_json, render_html, render_json
from sertool.stages.built_model import load_model
from sertool.stages.checkpoint import take_up
from sertool.stages.classify import classify
from sertool.stages.convert import convert
from sertool.stages.network_report import network
from sertool.stages.recordings import stored_material
from sertool.stages.render import render
from sertool.stages.report import collect
from sertool.stages.tradeoff import compare, sweep_tradeoff
from tflite_editing import edited

ROOT = Path(__file__).parents[2]

Mutate = Callable[[random.Random], bytes]


@dataclass(frozen=True)
class Kind:
    """A file, what damages it, what reads it (and returns what it shows), and whether damage may be refused."""

    path: Path
    mutate: Mutate
    read: Callable[[], object]
    made_again: bool = False


def kinds(root: Path) -> dict[str, Callable[[], Kind]]:
    """Every kind by name; a folder is made when it is asked for."""
    return {
        **{name: lambda name=name: _record(root, name) for name in ("verification", "manifest", "laq")},
        **{name: lambda name=name: _material(root, name) for name in ("split", "frontend", "training")},
        "tflite": lambda: _tflite(root),
        "checkpoint": lambda: _checkpoint(root),
        "checkpoint_model": lambda: _checkpoint_model(root),
        "float_npz": lambda: _npz(root, "float"),
        "quantized_npz": lambda: _npz(root, "laq"),
        "results": lambda: _results(root),
        "sweep": lambda: _sweep(root),
        "project": lambda: _project(root),
        "target": lambda: _target(root),
        "speakers": lambda: _speakers(root),
        "stamp": lambda: _stamp(root),
        "cached_contents": lambda: _contents(root),
        "cached_features": lambda: _features(root),
    }


def _json(path: Path) -> Mutate:
    data, value = path.read_bytes(), json.loads(path.read_text())

    def mutate(drawn: random.Random) -> bytes:
        return mutations.of_bytes(drawn, data) if drawn.random() < 0.25 else mutations.of_json(drawn, value)

    return mutate


def _shown(report: Any) -> str:
    return render_json(report) + re.sub(r"<(script|style)>.*?</\1>", "", render_html(report), flags=re.DOTALL)


def _record(root: Path, name: str) -> Kind:
    """A file that the report shows, beside the model alone."""
    built = made(root)
    folder = built.folder
    if name == "manifest":
        render(built.project, folder)
    path = {"verification": folder.verification, "manifest": folder.manifest, "laq": folder.laq}[name]
    for other in (
        folder.split,
        folder.training,
        folder.sweep,
        folder.verification,
        folder.manifest,
        folder.laq,
    ):
        if other != path:
            other.unlink(missing_ok=True)

    def read() -> str:
        report = collect(built.project, folder)
        if name == "manifest":
            project_again(read_manifest(path), path, corpus=str(root))
        return _shown(report)

    return Kind(path, _json(path), read)


def _material(root: Path, name: str) -> Kind:
    """A file that says what a model was trained on, and how."""
    built = made(root)
    folder = built.folder
    path = {"split": folder.split, "frontend": folder.frontend, "training": folder.training}[name]
    # What changed since the network was quantized is refused for that, before it is read.
    folder.laq.unlink()
    if name == "training":
        corpora.default_corpus()
        corpora.contents(clip.path for clip in corpora.default_corpus().clips)

    def read() -> str:
        material = stored_material(built.project, folder)
        if name == "frontend":
            convert(folder)
        return json_text(material.split.record()) + str(material.examples("test").features.shape)

    return Kind(path, _json(path), read)


def _tflite(root: Path) -> Kind:
    built = made(root)
    path, data = built.folder.tflite, built.folder.tflite.read_bytes()
    said: list[Any] = []
    edited(data, lambda record: said.append(json.loads(bytes(record["buffers"][-1]["data"]))))
    sound = next((root / "speech").rglob("*.wav"))

    def mutate(drawn: random.Random) -> bytes:
        if drawn.random() < 0.25:
            return mutations.of_bytes(drawn, data)
        text = mutations.of_bytes(drawn, json.dumps(said[0]).encode())
        if drawn.random() < 0.8:
            text = mutations.of_json(drawn, said[0])
        return edited(data, lambda record: record["buffers"][-1].update(data=np.frombuffer(text, np.uint8)))

    return Kind(path, mutate, lambda: json.dumps([one.to_dict() for one in classify(built.folder, [sound])]))


def _checkpoint(root: Path) -> Kind:
    """What a checkpoint says, mostly behind a seal that holds again."""
    built = made(root)
    written = example(root / "mine", built.folder.tflite.read_bytes())
    path = root / "mine" / RECORD
    damage = _json(path)

    def mutate(drawn: random.Random) -> bytes:
        data = damage(drawn)
        try:
            value = json.loads(data)
            value["seal"] = seal_of(value)
        except (ValueError, TypeError, KeyError, RecursionError):
            return data
        return json.dumps(value).encode() if drawn.random() < 0.7 else data

    def read() -> str:
        found = take_up(f"{root}/mine", built.folder)
        return render_card(found) + _shown(collect(built.project, built.folder))

    assert json.loads(path.read_text())["seal"] == written.seal
    return Kind(path, mutate, read)


def _checkpoint_model(root: Path) -> Kind:
    """A checkpoint's packed model, mostly of the digest that is told of it."""
    built = made(root)
    written = example(root / "mine", built.folder.tflite.read_bytes())
    path = root / "mine" / MODEL
    data = path.read_bytes()
    plain = lzma.decompress(data)

    def mutate(drawn: random.Random) -> bytes:
        inside = drawn.random() < 0.5
        model = mutations.of_bytes(drawn, plain) if inside else plain
        packed = lzma.compress(model) if inside else mutations.of_bytes(drawn, data)
        files = {MODEL: hashlib.sha256(packed).hexdigest()}
        told = dataclasses.replace(written, model=hashlib.sha256(model).hexdigest(), files=files)
        told = dataclasses.replace(told, seal=told.sealed) if drawn.random() < 0.8 else written
        (root / "mine" / RECORD).write_text(json_text(told))
        return packed

    def read() -> str:
        return json_text(take_up(f"{root}/mine", built.folder))

    return Kind(path, mutate, read)


def _npz(root: Path, name: str) -> Kind:
    built = made(root)
    folder = built.folder
    path = folder.float_model if name == "float" else folder.quantized_model
    data = path.read_bytes()
    with np.load(io.BytesIO(data)) as archive:
        arrays = {key: archive[key] for key in archive.files}
    header = json.loads(arrays.pop("header").tobytes())
    for other in (folder.split, folder.sweep, folder.verification, folder.laq):
        other.unlink()

    def mutate(drawn: random.Random) -> bytes:
        if drawn.random() < 0.25:
            return mutations.of_bytes(drawn, data)
        text = json.dumps(header).encode()
        parts: dict[str, Any] = dict(arrays)
        if drawn.random() < 0.5:
            text = mutations.of_json(drawn, header)
        else:
            array_mutations.of_arrays(drawn, parts)
        stream = io.BytesIO()
        np.savez(stream, header=np.frombuffer(text, np.uint8), **parts)
        return (
            stream.getvalue() if drawn.random() < 0.8 else array_mutations.of_archive(drawn, stream.getvalue())
        )

    def read() -> str:
        if name == "float":
            model = training.load(path)
            assert np.isfinite(training.predict(model, np.zeros((2, model.shape[0]), np.int8))).all()
        else:
            laq.integer_graph(laq.load(path))
            convert(folder)
        return str(dataclasses.asdict(network(folder, load_model(folder))))

    return Kind(path, mutate, read)


def _results(root: Path) -> Kind:
    path = root / "accuracy.json"
    whole = json.loads((ROOT / "results" / "accuracy.json").read_text())
    few = {**whole, "rows": whole["rows"][:6], "manifests": dict(list(whole["manifests"].items())[:1])}
    path.write_text(json.dumps(few))
    return Kind(path, _json(path), lambda: render_comparison_json(compare(results.load(path), path)))


def _sweep(root: Path) -> Kind:
    path = made(root).folder.sweep
    data, spare = path.read_bytes(), root / "spare.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        columns = [name for _, name, *_ in connection.execute("PRAGMA table_info(results)")]
        texts = connection.execute("SELECT * FROM results").fetchall()

    def mutate(drawn: random.Random) -> bytes:
        if drawn.random() < 0.4:
            return mutations.of_bytes(drawn, data)
        spare.write_bytes(data)
        with closing(sqlite3.connect(spare, isolation_level=None)) as connection:
            for _ in range(drawn.choice((1, 1, 2))):
                row = drawn.choice(texts)
                place = drawn.randrange(len(columns))
                value = table_mutations.column(drawn, row[place])
                # What STRICT tables do not take leaves the file to the other ways.
                with suppress(sqlite3.Error, OverflowError, UnicodeEncodeError):
                    statement = f"UPDATE results SET {columns[place]} = {value[0]} WHERE key = ?"
                    connection.execute(statement, (*value[1:], row[0]))
            if drawn.random() < 0.1:
                connection.execute(drawn.choice(table_mutations.STATEMENTS))
        return spare.read_bytes()

    def read() -> str:
        with Store.open(path) as store:
            store.kept()
        return str(dataclasses.asdict(sweep_tradeoff(path)))

    return Kind(path, mutate, read)


def _project(root: Path) -> Kind:
    path = write_project(root / "project", corpus="emodb")
    data = re.sub(rb"(?m)^# (\w+ = )", rb"\1", path.read_bytes())

    def mutate(drawn: random.Random) -> bytes:
        return mutations.of_bytes(drawn, data) if drawn.random() < 0.3 else mutations.of_lines(drawn, data)

    def read() -> str:
        return json.dumps(dataclasses.asdict(resolve_project(load_project(path), seed=1)), default=str)

    return Kind(path, mutate, read)


def _target(root: Path) -> Kind:
    path = root / "board.toml"
    data = (builtin_targets() / "stm32f405.toml").read_bytes()
    path.write_bytes(data)

    def mutate(drawn: random.Random) -> bytes:
        return mutations.of_bytes(drawn, data) if drawn.random() < 0.3 else mutations.of_lines(drawn, data)

    return Kind(path, mutate, lambda: json.dumps(targets.load(path).to_dict()))


def _speakers(root: Path) -> Kind:
    made(root)
    path, speech = root / "speakers.csv", root / "speech"
    files = sorted(path.relative_to(speech).as_posix() for path in speech.rglob("*.wav"))
    path.write_text("file,speaker\n" + "".join(f"{file},s{number % 3}\n" for number, file in enumerate(files)))
    data = path.read_bytes()

    def mutate(drawn: random.Random) -> bytes:
        if drawn.random() < 0.5:
            return mutations.of_bytes(drawn, data)
        lines = data.decode().splitlines()
        at = drawn.randrange(len(lines))
        file, _, speaker = lines[at].partition(",")
        odd = (
            '"',
            "\0",
            "",
            ",,,",
            '"a\nb",c',
            "x" * 200_000,
            f"{file},",
            f",{speaker}",
            f"{file},\x1b[1m",
            lines[0],
        )
        lines[at : at + drawn.randrange(2)] = [drawn.choice(odd)]
        return "\n".join(lines).encode()

    def read() -> str:
        corpus = corpora.load(speech, kind="folder", speakers=path)
        assert all(clip.speaker.isprintable() for clip in corpus.clips), "a speaker of control characters"
        return str(corpora.split(corpus).record())

    return Kind(path, mutate, read)


def _stamp(root: Path) -> Kind:
    folder = made(root).folder
    folder.stamp("convert", "f" * 64, [folder.model])
    path = folder.root / ".stages" / "convert.json"
    whole = path.read_bytes()
    # A stamp that says the same in other words still holds; any other does not.
    same = Kind(path, _json(path), lambda: json.loads(path.read_text()) == json.loads(whole))

    def read() -> str:
        if folder.holds("convert", "f" * 64):
            assert set(json.loads(path.read_text())) == {"inputs", "outputs"}
        return "held or not"

    return dataclasses.replace(same, read=read, made_again=True)


def _contents(root: Path) -> Kind:
    made(root)
    clips = sorted((root / "speech").rglob("*.wav"))
    corpora.contents(clips)
    path = min(Path(os.environ["SERTOOL_CACHE"]).glob("corpora/contents-*/*.json"))
    data = path.read_bytes()
    read = lambda: {name.name: content for name, content in corpora.contents(clips).items()}  # noqa: E731
    return Kind(path, lambda drawn: mutations.of_bytes(drawn, data), read, made_again=True)


def _features(root: Path) -> Kind:
    made(root)
    clip = min((root / "speech").rglob("*.wav"))
    shutil.rmtree(Path(os.environ["SERTOOL_CACHE"]) / "features")
    features_of([clip], SPEC)
    (path,) = Path(os.environ["SERTOOL_CACHE"]).glob("features/**/*.features")
    data = path.read_bytes()
    read = lambda: features_of([clip], SPEC).tobytes()  # noqa: E731
    return Kind(path, lambda drawn: mutations.of_bytes(drawn, data), read, made_again=True)
