"""The files of the catalogue, read and held against each other."""
