"""openSMILE's features of sounds: run by `descriptors.py` in an environment that has openSMILE and no sertool.

    python opensmile_extraction.py FEATURE_SET SOUNDS.npz FEATURES.npy

Sounds are int16 at 16 kHz, each an array of the file; features float64 (sounds, features), 0 where openSMILE
gives no number, as where nothing is voiced.
"""

from __future__ import annotations

import sys

import numpy as np
import opensmile

name, sounds, features = sys.argv[1:]
smile = opensmile.Smile(feature_set=opensmile.FeatureSet[name])
with np.load(sounds) as stored:
    rows = [
        smile.process_signal(stored[each] / np.float32(32768), 16000).to_numpy()[0] for each in stored.files
    ]
np.save(features, np.nan_to_num(np.stack(rows).astype(np.float64)))
