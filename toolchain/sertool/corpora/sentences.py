"""What the synthetic speakers say: made-up sentences of syllables, over a small table of speech sounds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sound:
    """A speech sound of an adult male: formants in hertz, length in milliseconds at the neutral rate.

    voicing, noise: amplitudes of the two excitations, 0 to 1; noise_centre: where the noise peaks, hertz.
    """

    formants: tuple[float, float, float]
    length: float
    voicing: float = 1.0
    noise: float = 0.0
    noise_centre: float = 3000.0


# Vowel formants: averages of the men in Peterson and Barney (1952), "Control methods used in a study of the
# vowels", JASA 24(2); "e" and "o" are their open ones. Consonants: of the usual order, chosen here.
SOUNDS: dict[str, Sound] = {
    "i": Sound((270, 2290, 3010), 110),
    "e": Sound((530, 1840, 2480), 120),
    "a": Sound((730, 1090, 2440), 140),
    "o": Sound((570, 840, 2410), 130),
    "u": Sound((300, 870, 2240), 120),
    "r": Sound((490, 1350, 1690), 110),
    "m": Sound((250, 1000, 2200), 70, voicing=0.35),
    "n": Sound((250, 1500, 2500), 65, voicing=0.35),
    "l": Sound((360, 1100, 2600), 65, voicing=0.6),
    "z": Sound((300, 1600, 2500), 80, voicing=0.3, noise=0.25, noise_centre=5200),
    "s": Sound((300, 1600, 2500), 100, voicing=0.0, noise=0.45, noise_centre=5500),
    "x": Sound((300, 1800, 2500), 100, voicing=0.0, noise=0.5, noise_centre=3000),
    "f": Sound((300, 1100, 2300), 85, voicing=0.0, noise=0.2, noise_centre=4200),
    "h": Sound((500, 1500, 2500), 60, voicing=0.0, noise=0.15, noise_centre=1800),
    ".": Sound((400, 1400, 2400), 45, voicing=0.0),  # closure before a burst
    "t": Sound((350, 1700, 2600), 25, voicing=0.0, noise=0.6, noise_centre=4500),
    "k": Sound((350, 1900, 2300), 30, voicing=0.0, noise=0.6, noise_centre=2200),
}

# A vowel in upper case is accented; a comma is where the pause falls.
SENTENCES = (
    "lAmonise,fAtulir",
    "hEnora.tIm,ulOse",
    "xIma.kelOna,zUri",
    "nAfisu.tE,molArin",
    ".kOlerina,sEmuhA",
    "zElonu.ti,rAmifO",
    "mUrisE,nalO.keti",
    "fOnila,xEru.tAmi",
)
