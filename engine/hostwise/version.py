"""The version of Hostwise: here and nowhere else."""

__version__ = "0.1.0"
