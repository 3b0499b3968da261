"""Files on their way in: in one go, or piece by piece by tus."""
