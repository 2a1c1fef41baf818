"""The parts of a record, each built by a module."""
