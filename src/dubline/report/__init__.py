"""What a dub is worth, told twice: as figures for programs and as one page for people."""
