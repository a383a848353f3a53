"""Files of strangers, read by child processes with limits: recordings, pictures, Word documents, plain text.

`runner` starts a child, `child` is what runs in it; `audio`, `images`, `documents` and `texts` do the work there and
know nothing of Django. Whatever breaks, hangs or swells takes the child down, never the portal.
"""
