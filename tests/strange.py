"""Texts that somebody could send: what looks like markup, what is written from right to left, what nobody sees."""

from random import Random

PIECES = (
    *"<>&\"'/={}%*_`~|[]()\\#@",
    *("<b>", "</b>", "</tg-spoiler>", "<tg-spoiler>", "</blockquote>", "<a href='tg://user?id=1'>", "</a>", "<br/>"),
    *("&amp;", "&lt;", "&#60;", "&#x3c;", "&nbsp;", "&quot", "<!--", "-->", "<![CDATA[", "]]>"),
    *("{name}", "{0}", "{}", "%s", "%(x)s", "{{", "${x}", "\\n", "\\u202e"),
    *("\u202e", "\u2066", "\u2069", "\u200b", "\u200d", "\u200f", "\ufeff", "\u0000", "\x1b[0m", "\ud800", "\udfff"),
    *("👩‍👩‍👧", "🏳️‍🌈", "e\u0301", "\u0bcd", "𝔄", "שלום", "مرحبا", "日本語", "Ünïcode", "ß"),
    *("\n", "\n\n\n", "\t", " ", "  ", "\r\n", "\u2028", "\u00a0"),
    *("https://example.org/?a=1&b=2", "@somebody", "/start", "#tag", "+49 170 0000000", "a@b.example"),
    *("tea", "the sea in winter", "we", "0", "no", "I"),
)


def strange_text(random: Random, longest: int) -> str:
    """At most `longest` UTF-16 units: now and then as many, mostly a few, seldom none."""
    wanted = longest if random.random() < 0.1 else min(longest, int(random.expovariate(1 / 20)))
    if random.random() < 0.05:
        return _cut(random.choice(PIECES) * wanted, wanted)
    parts, length = [], 0
    while length < wanted:
        parts.append(random.choice(PIECES) if random.random() < 0.8 else chr(random.randrange(0x11_0000)))
        length += _units(parts[-1])
    return _cut("".join(parts), wanted)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _cut(text: str, longest: int) -> str:
    return text.encode("utf-16-le", "surrogatepass")[: 2 * longest].decode("utf-16-le", "surrogatepass")
