"""How each emotion sounds, for synthesis: directions from the literature, sizes chosen here.

The sources say in which direction a voice departs from the speaker's neutral one; the sizes are this project's,
small enough that emotions overlap as they do in recordings.

- Murray and Arnott (1993), "Toward the simulation of emotion in synthetic speech", JASA 93(2), their summary of
  pitch average, range and changes, rate, intensity and quality for anger, happiness, sadness, fear, disgust.
- Banse and Scherer (1996), "Acoustic profiles in vocal emotion expression", J. Pers. Soc. Psychol. 70(3):
  level, F0 and spectral energy of acted emotions, boredom among them.
- Burkhardt and Sendlmeier (2000), "Verification of acoustical correlates of emotional speech using
  formant-synthesis", ISCA Workshop on Speech and Emotion: boredom, and formants raised by spread lips in joy.
- Juslin and Laukka (2003), "Communication of emotions in vocal expression and music performance", Psychol.
  Bull. 129(5): rate, intensity, high-frequency energy, F0 level, variability and contour, microstructural
  irregularity.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass


@dataclass(frozen=True)
class Manner:
    """How an utterance departs from the speaker's neutral voice."""

    pitch: float
    """Mean F0, semitones. Higher in anger, happiness and fear, lower in sadness and disgust (Murray and
    Arnott), lower in boredom (Banse and Scherer)."""
    pitch_range: float
    """Factor on the size of accents. Wide in anger and happiness, narrow in sadness (both reviews) and boredom
    (Burkhardt and Sendlmeier). On fear the two reviews disagree: left near neutral."""
    slope: float
    """F0 drift from start to end, semitones. Rising in anger, fear and happiness, falling in sadness (Juslin
    and Laukka); wide downward ends in disgust (Murray and Arnott)."""
    rate: float
    """Factor on the rate of syllables. Fast in fear, anger and happiness, slow in sadness (Juslin and Laukka),
    very slow in disgust (Murray and Arnott), slow in boredom (Burkhardt and Sendlmeier)."""
    pause: float
    """Length of the pause within the utterance, milliseconds; long where the rate is slow."""
    level: float
    """Intensity, dB. High in anger and happiness, low in sadness (both reviews) and boredom (Banse and
    Scherer)."""
    tilt: float
    """Spectral slope on top of the neutral one, dB an octave. Much high-frequency energy in anger, medium in
    happiness, little in sadness and fear (Juslin and Laukka)."""
    jitter: float
    """Irregularity of the period, percent. Much in fear, some in anger and sadness, very little in happiness
    (Juslin and Laukka, "microstructural irregularity"); "irregular voicing" in fear (Murray and Arnott)."""
    breath: float
    """Aspiration noise against voicing, dB. Breathy in quiet sadness and in boredom (Burkhardt and
    Sendlmeier)."""
    formants: float
    """Factor on formant frequencies. Raised by spread lips in happiness (Burkhardt and Sendlmeier)."""

    def towards(self, other: Manner, share: float) -> Manner:
        """Move by `share` of the way from this manner (0) to `other` (1), or beyond."""
        pairs = zip(astuple(self), astuple(other), strict=True)
        return Manner(*(mine + share * (theirs - mine) for mine, theirs in pairs))


NEUTRAL = Manner(0.0, 1.0, -1.5, 1.0, 60.0, 0.0, 0.0, 0.6, -32.0, 1.0)

MANNERS: dict[str, Manner] = {
    "anger": Manner(3.5, 1.8, 0.5, 1.12, 40.0, 6.0, -3.0, 1.1, -34.0, 1.02),
    "boredom": Manner(-1.5, 0.6, -1.5, 0.80, 150.0, -4.0, 1.5, 0.7, -27.0, 0.99),
    "disgust": Manner(-2.0, 1.2, -4.0, 0.74, 110.0, -2.0, 0.5, 1.0, -30.0, 0.98),
    "fear": Manner(4.0, 1.0, 1.5, 1.28, 40.0, -1.0, 0.5, 2.2, -27.0, 1.01),
    "happiness": Manner(3.5, 1.8, 1.0, 1.10, 40.0, 4.0, -1.5, 0.4, -33.0, 1.05),
    "neutral": NEUTRAL,
    "sadness": Manner(-1.0, 0.6, -2.5, 0.76, 170.0, -6.0, 3.0, 1.1, -23.0, 0.99),
}
