"""Training: the float network, from standardized int8 features to numpy weights, and how right it is."""

from sertool.training.config import FineTuningConfig, Optimization, TrainingConfig
from sertool.training.data import Examples, TrainingData, dequantize
from sertool.training.evaluation import evaluate
from sertool.training.fit import fit
from sertool.training.float_model import DenseLayer, FloatModel, load, predict, save
from sertool.training.keras_network import TrainingHistory
from sertool.training.metrics import Accuracy, accuracy

__all__ = [
    "Accuracy",
    "DenseLayer",
    "Examples",
    "FineTuningConfig",
    "FloatModel",
    "Optimization",
    "TrainingConfig",
    "TrainingData",
    "TrainingHistory",
    "accuracy",
    "dequantize",
    "evaluate",
    "fit",
    "load",
    "predict",
    "save",
]
