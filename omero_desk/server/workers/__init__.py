"""Processes that read the files of strangers, within limits of time and memory: none of them can harm the server.

`__main__` is such a process; `tasks` is all that it can do. `worker` is the server's end of one, `crew` has several,
`readers` offers what they do. What comes back is JSON and bytes, of checked types: nothing is unpickled.
"""
