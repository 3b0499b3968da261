"""The steps of a job, one file each: artefacts in, artefacts out."""
