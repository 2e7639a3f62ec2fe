"""Templates: compiled once, and anew where a cached one is damaged or a filter is another."""

from __future__ import annotations

from pathlib import Path

import pytest

from sertool import rendering


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SERTOOL_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "templates"


def rendered(folder: Path, name: str = "one.in") -> str:
    return rendering.environment(folder, {}).get_template(name).render(word="<x>")


def test_a_template_is_compiled_once_and_again_when_it_changed(tmp_path: Path, cache: Path) -> None:
    place = tmp_path / "one.in"
    place.write_text("say {{ word }}\n")
    assert rendered(tmp_path) == "say <x>\n"
    (entry,) = cache.iterdir()
    before = entry.stat().st_ino
    assert rendered(tmp_path) == "say <x>\n"
    assert entry.stat().st_ino == before
    place.write_text("tell {{ word }}\n")
    assert rendered(tmp_path) == "tell <x>\n"
    assert len(list(cache.iterdir())) == 2


def test_a_damaged_entry_is_made_again(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "one.in").write_text("say {{ word }}\n")
    rendered(tmp_path)
    (entry,) = cache.iterdir()
    whole = entry.read_bytes()
    entry.write_bytes(whole[:-1])
    assert rendered(tmp_path) == "say <x>\n"
    assert entry.read_bytes() == whole


def test_what_a_filter_makes_of_a_constant_is_not_kept_beyond_the_filter(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "one.in").write_text("{{ 3 | told }}")
    said = []
    for number, word in enumerate(("once", "twice")):
        module = tmp_path / f"filters{number}.py"
        module.write_text(f"def told(value):\n    return '{word}'\n")
        names: dict[str, object] = {}
        exec(compile(module.read_text(), str(module), "exec"), names)
        made = rendering.environment(tmp_path, {"told": names["told"]})  # type: ignore[dict-item]
        said.append(made.get_template("one.in").render())
    assert said == ["once", "twice"]
