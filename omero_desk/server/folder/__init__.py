"""A person's own folder of images as a library: its files stay where and as they are, the library lies elsewhere.

`walk` finds the files, `comparison` says what is new, `reading` reads them, `entering` writes them down in
`containers`, `ledger` and `notes`; `keeper` has all that done in the background as long as the server runs.
"""
