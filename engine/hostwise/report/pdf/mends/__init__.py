"""What WeasyPrint's PDF needs mended for PDF/UA and PDF/A."""
