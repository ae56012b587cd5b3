"""What the rules refuse, as exceptions; `handlers/errors.py` turns each into a sentence.

Refusal
├── Closed            the card is old, or its moment has passed
├── NotYours          it belongs to somebody else; says the same as Closed
├── NotReady          set-up comes first
├── TooLong           more than an answer may hold
├── TooLongForCard    more than fits on a card for two
├── Controls          words that control somebody; which kind is said, so that it can be explained
│   ├── ControlsPasswords · ControlsLocation · ControlsReporting · ControlsPeople · ControlsTouch
├── FewOptions        a decision needs a question and two to four options
├── MostCards         three cards a conversation
├── WrongKind         a kind of message that cannot be kept
├── Unclear           typed words that could not be understood
│   ├── UnclearTime · UnclearZone · UnclearDay · UnclearDate · UnclearLanguage
├── DeadInvite        whatever the reason: used, expired, cancelled, declined, refused, unknown, blocked
├── OwnInvite         a person opened their own link
├── AlreadyLinked     one partner at a time
├── NotLinked         there is nobody to do this with
├── OnlyWords         a voice note where only written words are kept
├── TooMany           tried too often
├── LastOne           of days, themes: at least one stays
└── NothingOpen       there is no question to answer now
"""


class Refusal(Exception):
    """A rule said no; nothing was changed."""


class Closed(Refusal):
    """The card is old, or its moment has passed."""


class NotYours(Refusal):
    """The thing belongs to somebody else."""


class NotReady(Refusal):
    """Set-up comes first."""


class TooLong(Refusal):
    """More than an answer may hold."""


class TooLongForCard(Refusal):
    """More than fits on a card for two."""


class Controls(Refusal):
    """Words that control somebody cannot go to a partner."""


class ControlsPasswords(Controls):
    """They ask for passwords or for access to what is locked."""


class ControlsLocation(Controls):
    """They ask where somebody is."""


class ControlsReporting(Controls):
    """They ask somebody to report, to show private messages or to get permission."""


class ControlsPeople(Controls):
    """They keep somebody from friends, family or their own ways."""


class ControlsTouch(Controls):
    """They make touch a duty."""


class FewOptions(Refusal):
    """A decision needs a question and two to four options."""


class MostCards(Refusal):
    """A conversation has room for three cards of each."""


class WrongKind(Refusal):
    """A kind of message that cannot be kept."""


class OnlyWords(Refusal):
    """A voice note came where only written words are kept."""


class Unclear(Refusal):
    """Typed words could not be understood."""


class UnclearTime(Unclear):
    """Not a time of day."""


class UnclearZone(Unclear):
    """Not a city or time zone that is known."""


class UnclearDay(Unclear):
    """Not a weekday with a time."""


class UnclearDate(Unclear):
    """Not a day to come within a year."""


class UnclearLanguage(Unclear):
    """Not a language that the bot speaks."""


class DeadInvite(Refusal):
    """The link leads nowhere, for whatever reason."""


class OwnInvite(Refusal):
    """A person opened their own link."""


class AlreadyLinked(Refusal):
    """One partner at a time."""


class NotLinked(Refusal):
    """There is nobody to do this with."""


class TooMany(Refusal):
    """Tried too often."""


class LastOne(Refusal):
    """At least one of these has to stay on."""


class NothingOpen(Refusal):
    """There is no question to answer now."""
