from contextlib import suppress
from html import escape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.entities import as_html, cleaned, masked, ordered, split_long, units, with_found
from bot.playground.errors import ApiError
from bot.playground.html import parse_html

READ = [
    ("plain", "plain", []),
    ("<b>a</b>", "a", [("bold", 0, 1)]),
    ("<strong>a</strong><em>b</em>", "ab", [("bold", 0, 1), ("italic", 1, 1)]),
    ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
    ("<ins>a</ins><u>b</u>", "ab", [("underline", 0, 1), ("underline", 1, 1)]),
    ("<s>a</s><strike>b</strike><del>c</del>", "abc", [("strikethrough", n, 1) for n in range(3)]),
    ("<tg-spoiler>a</tg-spoiler>", "a", [("spoiler", 0, 1)]),
    ('<span class="tg-spoiler">a</span>', "a", [("spoiler", 0, 1)]),
    ("😀<b>é</b>", "😀é", [("bold", 2, 1)]),
    ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
    ("<blockquote>a<blockquote>b</blockquote></blockquote>", "ab", [("blockquote", 0, 2)]),
    ("<code>a<b>b</b></code>", "ab", [("code", 0, 2)]),
    ("<pre>a<code>b</code></pre>", "ab", [("pre", 0, 2)]),
    ("<b></b>a", "a", []),
    ("<b><b>a</b>b</b>", "ab", [("bold", 0, 2)]),
    ("&lt;b&gt; &amp;amp; &quot; &#39; &#x1F600;", "<b> &amp; \" ' 😀", []),
    ("<B>a</B >", "a", [("bold", 0, 1)]),
]
REFUSED = [
    "<b>a",
    "a</b>",
    "<b><i>a</b></i>",
    "<p>a</p>",
    "a < b",
    "a & b",
    "&nbsp;",
    "&#0;",
    "&#xD800;",
    "&#99999999;",
    "<b class='x'>a</b>",
    "<span>a</span>",
    "<span class='bold'>a</span>",
    "<tg-emoji>a</tg-emoji>",
    "<tg-emoji emoji-id='x'>a</tg-emoji>",
    "<b",
    "<br/>",
    "<!-- a -->",
    "</>",
    "<b>a</b id='1'>",
]
KINDS = {"b": "bold", "i": "italic", "u": "underline", "s": "strikethrough", "tg-spoiler": "spoiler"}


def shape(entities: list[dict[str, Any]]) -> list[tuple[str, int, int]]:
    return [(each["type"], each["offset"], each["length"]) for each in entities]


@pytest.mark.parametrize(("source", "text", "entities"), READ)
def test_telegrams_tags_become_entities(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    parsed, found = parse_html(source)
    assert (parsed, shape(found)) == (text, entities)


@pytest.mark.parametrize("source", REFUSED)
def test_what_is_not_telegrams_html_is_refused(source: str) -> None:
    with pytest.raises(ApiError, match="400 Bad Request: can't parse entities: "):
        parse_html(source)


def test_links_and_languages_and_emoji_keep_what_they_carry() -> None:
    source = '<a href="https://a.org?x=1&amp;y">l</a><pre><code class="language-py">p</code></pre>'
    _, entities = parse_html(source + '<tg-emoji emoji-id="5">😀</tg-emoji><a href="a.org">m</a><a>b.org</a>')
    assert [each.get("url") for each in entities if each["type"] == "text_link"] == [
        "https://a.org/?x=1&y",
        "http://a.org/",
        "http://b.org/",
    ]
    assert next(each for each in entities if each["type"] == "pre")["language"] == "py"
    assert next(each for each in entities if each["type"] == "custom_emoji")["custom_emoji_id"] == "5"


def test_a_code_block_has_a_language_only_if_it_covers_all() -> None:
    _, entities = parse_html('<pre><code class="language-py">p</code> q</pre>')
    assert "language" not in entities[0]


def test_a_link_to_nowhere_is_only_its_words() -> None:
    assert parse_html('<a href="not a link">x</a>') == ("x", [])


def test_the_refusal_says_where() -> None:
    with pytest.raises(ApiError, match='Unsupported start tag "p" at byte offset 3'):
        parse_html("é <p>")


@given(st.text())
def test_what_is_escaped_reads_as_it_was(text: str) -> None:
    assert parse_html(escape(text)) == (text, [])


@given(st.lists(st.tuples(st.text(max_size=5), st.sampled_from(sorted(KINDS))), max_size=5))
def test_nested_tags_measure_in_utf16(parts: list[tuple[str, str]]) -> None:
    source, text, expected = "", "", []
    for words, tag in parts:
        source += f"<{tag}>{escape(words)}</{tag}>"
        if words:
            expected.append((KINDS[tag], units(text), units(words)))
        text += words
    parsed, entities = parse_html(source)
    assert (parsed, shape(entities)) == (text, expected)


trees = st.recursive(
    st.text(min_size=1, max_size=4).map(escape),
    lambda inner: st.tuples(st.sampled_from(sorted(KINDS)), st.lists(inner, min_size=1, max_size=3)).map(
        lambda pair: f"<{pair[0]}>{''.join(pair[1])}</{pair[0]}>"
    ),
    max_leaves=8,
)


@given(trees)
def test_entities_read_back_as_html_mean_the_same(source: str) -> None:
    text, entities = parse_html(source)
    again, same = parse_html(as_html(text, entities))
    assert again == text
    assert sorted(shape(same)) == sorted(shape(entities))
    assert entities == ordered(entities)


@given(st.text())
def test_any_text_is_parsed_or_refused(text: str) -> None:
    with suppress(ApiError):
        parsed, entities = parse_html(text)
        assert all(each["offset"] + each["length"] <= units(parsed) for each in entities)


def test_spoilers_are_covered() -> None:
    text, entities = parse_html("A <tg-spoiler>b😀<b>c</b></tg-spoiler> d<tg-spoiler>e</tg-spoiler>")
    assert masked(text, entities) == "A ▒▒▒▒ d▒"


def test_links_and_mentions_read_back_as_html() -> None:
    text, entities = parse_html('<a href="https://a.org/?x=1&amp;y">l</a> <blockquote expandable>q</blockquote>')
    assert as_html(text, entities) == '<a href="https://a.org/?x=1&amp;y">l</a> <blockquote expandable>q</blockquote>'
    mention = {"type": "text_mention", "offset": 0, "length": 1, "user": {"id": 5}}
    found = {"type": "bot_command", "offset": 2, "length": 1}
    assert as_html("l q", [mention, found]) == '<a href="tg://user?id=5">l</a> q'


def test_what_telegram_finds_by_itself() -> None:
    text = "/time@side_by_side_bot a@b.org 😀 @ann_b #tag (www.a.org/x). a/b 7:45 no.thing https://t.me/x?a=b,"
    found = [
        (
            each["type"],
            text.encode("utf-16-le")[each["offset"] * 2 : (each["offset"] + each["length"]) * 2].decode("utf-16-le"),
        )
        for each in with_found(text, [])
    ]
    assert found == [
        ("bot_command", "/time@side_by_side_bot"),
        ("email", "a@b.org"),
        ("mention", "@ann_b"),
        ("hashtag", "#tag"),
        ("url", "www.a.org/x"),
        ("url", "https://t.me/x?a=b"),
    ]
    assert with_found("/a", [{"type": "code", "offset": 0, "length": 2}]) == [
        {"type": "code", "offset": 0, "length": 2}
    ]


@given(st.text(alphabet="ab \n😀", max_size=60).map(lambda text: text * 300))
def test_long_texts_are_cut_without_losing_a_word(text: str) -> None:
    pieces = split_long(text)
    assert all(0 < units(piece) <= 4096 for piece in pieces)
    assert "".join(text.split()) == "".join("".join(pieces).split())


def test_control_and_direction_marks_are_taken_out() -> None:
    assert cleaned("a\x00b\r\n\u202ec\u0333") == "a b\nc"
