"""The fonts of the PDF writer: those that the pages bring, and none of the machine's.

WeasyPrint starts from the fonts that the machine has, so that a letter which no packaged font has would be taken from
any of them and the file would differ from one machine to the next. Here it starts from nothing.
"""

from __future__ import annotations

from functools import lru_cache
from shutil import rmtree
from typing import Any


def only_packaged_fonts() -> Any:
    """A font configuration that knows no font but those of `@font-face`. WeasyPrint must be importable."""
    from weasyprint.text.ffi import ffi, fontconfig, gobject, pangoft2
    from weasyprint.text.fonts import FontConfiguration

    _declare()

    class OnlyPackaged(FontConfiguration):  # type: ignore[misc]
        _folder: Any = None

        def __init__(self) -> None:
            super().__init__()
            self._config = fontconfig.FcConfigCreate()
            self.font_map = ffi.gc(pangoft2.pango_ft2_font_map_new(), gobject.g_object_unref)
            pangoft2.pango_fc_font_map_set_config(ffi.cast("PangoFcFontMap *", self.font_map), self._config)
            fontconfig.FcConfigDestroy(self._config)  # the map keeps a reference of its own

        def close(self) -> None:
            """Remove the copies of its fonts: a process that ends without freeing its memory left them behind."""
            if self._folder is not None:
                rmtree(self._folder, ignore_errors=True)
                self._folder = None

        def loaded(self) -> int:
            """How many fonts there are by now. To draw a letter with none ends the whole program."""
            fonts = fontconfig.FcConfigGetFonts(self._config, fontconfig.FcSetApplication)
            return 0 if fonts == ffi.NULL else int(fonts.nfont)

    return OnlyPackaged()


@lru_cache(maxsize=1)
def _declare() -> None:
    """WeasyPrint binds only the call that loads the machine's fonts; this one is of fontconfig 1.0."""
    from weasyprint.text.ffi import ffi

    ffi.cdef("FcConfig * FcConfigCreate(void);")
