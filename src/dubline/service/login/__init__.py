"""People sign in with a browser, by OpenID Connect."""
