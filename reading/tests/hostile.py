"""What no form of the reading room may stumble over."""

WORD = "长" * 60_000
HOSTILE = ["\x00", WORD, "9" * 40, "=cmd()", "\u202e倒\u200b", "📚" * 30, "<script>alert(1)</script>"]
TYPED = ["", "  ", *HOSTILE, "%", "_", "'"]
