"""What a catalogue remembers of earlier costings: so much of it, and no more."""

from __future__ import annotations

MOST = 256
"""Entries: of what replicas serve one takes about half a megabyte, and a record asks for up to 200 in all."""


class Remembered(dict[object, object]):
    """Keeps the newest: else a process that decides for long keeps something of every questionnaire."""

    def __setitem__(self, key: object, value: object) -> None:
        """Keep it, in place of what was kept first where there is no room."""
        if len(self) >= MOST and key not in self:
            self.pop(next(iter(self)), None)
        super().__setitem__(key, value)

    def __repr__(self) -> str:
        """Nothing of what is in it, which is a hundred megabytes of text after some questionnaires."""
        return "Remembered()"

    def within(self, key: object) -> Remembered:
        """What is remembered apart under a key, as of a catalogue that some answers make another of."""
        known = self.get(key)
        if not isinstance(known, Remembered):
            known = self[key] = Remembered()
        return known
