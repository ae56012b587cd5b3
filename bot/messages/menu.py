"""The commands: which are in Telegram's menu, how /help groups them, what each does in a few words."""

from collections.abc import Mapping

from markupsafe import Markup

from bot.messages.i18n import Words

SHORTCUTS = ("settings", "time", "week", "zone", "language")  # /help names them on one line: they say what they do
MENU = ("today", "weekly", "invite", "settings", "help")  # at most six


def groups(words: Words) -> Mapping[Markup, tuple[str, ...]]:
    """All commands of /help, by heading."""
    _ = words
    return {
        _("Day and week"): ("today", "weekly", "agreements", "memories"),
        _("The two of you"): ("pulse", "summary", "invite", "unlink"),
        _("As you like it"): ("settings", "time", "week", "zone", "language", "pause"),
        _("What is yours"): ("export", "delete", "privacy"),
        _("Good to know"): ("safety", "start", "cancel", "help"),
    }


def descriptions(words: Words) -> Mapping[str, Markup]:
    """What each command does; Telegram's menu shows the same words."""
    _ = words
    return {
        "today": _("your question"),
        "weekly": _("your conversation"),
        "agreements": _("what you agreed on"),
        "memories": _("what opened, what you kept"),
        "pulse": _("room, closeness"),
        "summary": _("your week"),
        "invite": _("a link for your partner"),
        "unlink": _("end the link"),
        "settings": _("all settings"),
        "time": _("daily hour"),
        "week": _("weekly hour"),
        "zone": _("time zone"),
        "language": _("language"),
        "pause": _("let nothing come in"),
        "export": _("take along what is yours"),
        "delete": _("remove everything of yours"),
        "privacy": _("who sees what"),
        "safety": _("help in danger"),
        "start": _("where you are"),
        "cancel": _("leave a question"),
        "help": _("all commands"),
    }


def description(words: Words) -> str:
    """What a person reads in the empty chat, before START; at most 512 characters."""
    _ = words
    return _(
        "For two people who want to be close and keep room for themselves. Short questions, each answered in private. "
        "What you both share opens for both at once; nothing else is shown. You can leave at any moment."
    ).unescape()


def short_description(words: Words) -> str:
    """What stands in the bot's profile; at most 120 characters."""
    _ = words
    return _("Short questions for two, each in private. Nothing opens until you both share.").unescape()
