"""How often to be asked."""

from bot.messages.buttons import ChooseRhythm
from bot.practice import preferences
from handlers.context import Context


def choose(context: Context, button: ChooseRhythm) -> None:
    """[Every day] [Three a week] [Weekly only] [As it is]."""
    if button.rhythm != "same":
        preferences.keep_rhythm(context.person, button.rhythm, now=context.now)
    context.show("daily.rhythm_chosen", button.rhythm)
