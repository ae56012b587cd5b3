"""Every button of the bot: what a press means, as a typed payload.

A tag is short, never reused, and kept here when its button is retired, so that an old one is recognized.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from bot.messages.payload import Payload


@dataclass(frozen=True, slots=True)
class OpenCard(Payload):
    """[Open] under a nudge: fills this very message. The card itself looks who is asking."""

    tag: ClassVar[str] = "o"
    card: str
    about: str


# -- setting up


@dataclass(frozen=True, slots=True)
class Welcome(Payload):
    """[Back] to the first card."""

    tag: ClassVar[str] = "wl"


@dataclass(frozen=True, slots=True)
class Begin(Payload):
    """[Begin]: what is stored and who sees it."""

    tag: ClassVar[str] = "bg"


@dataclass(frozen=True, slots=True)
class ReadPrivacy(Payload):
    """[Privacy] under the first card."""

    tag: ClassVar[str] = "pr"


@dataclass(frozen=True, slots=True)
class Agree(Payload):
    """[I agree] to the terms."""

    tag: ClassVar[str] = "ag"


@dataclass(frozen=True, slots=True)
class NotNow(Payload):
    """[Not now] instead of agreeing."""

    tag: ClassVar[str] = "nn"


@dataclass(frozen=True, slots=True)
class AskTimes(Payload):
    """A page of the times that it can be now; `moving` is 1 for a person who is set up, here and below."""

    tag: ClassVar[str] = "za"
    page: int
    moving: int


@dataclass(frozen=True, slots=True)
class PickTime(Payload):
    """The time that it is for the person now, as minutes ahead of UTC: that still holds when pressed later."""

    tag: ClassVar[str] = "zt"
    offset: int
    moving: int


@dataclass(frozen=True, slots=True)
class PickZone(Payload):
    """The city that a clock goes by."""

    tag: ClassVar[str] = "zz"
    zone: str
    moving: int


@dataclass(frozen=True, slots=True)
class StartAlone(Payload):
    """[Start on my own]."""

    tag: ClassVar[str] = "al"


@dataclass(frozen=True, slots=True)
class WhereAmI(Payload):
    """[Back] to the one card that says where a person is."""

    tag: ClassVar[str] = "wh"


# -- linking


@dataclass(frozen=True, slots=True)
class InvitePartner(Payload):
    """[Invite my partner]."""

    tag: ClassVar[str] = "iv"


@dataclass(frozen=True, slots=True)
class CancelInvite(Payload):
    """[Cancel invite]."""

    tag: ClassVar[str] = "ic"
    invite_id: UUID


@dataclass(frozen=True, slots=True)
class AcceptInvite(Payload):
    """[Accept]."""

    tag: ClassVar[str] = "ia"
    invite_id: UUID


@dataclass(frozen=True, slots=True)
class DeclineInvite(Payload):
    """[Decline], or with `block` [Decline and block]."""

    tag: ClassVar[str] = "id"
    invite_id: UUID
    block: int


@dataclass(frozen=True, slots=True)
class Withdraw(Payload):
    """[Take it back]: an acceptance before it is confirmed."""

    tag: ClassVar[str] = "iw"


@dataclass(frozen=True, slots=True)
class ConfirmLink(Payload):
    """[Yes, link us]."""

    tag: ClassVar[str] = "iy"
    invite_id: UUID


@dataclass(frozen=True, slots=True)
class RefuseLink(Payload):
    """[No] to whoever accepted."""

    tag: ClassVar[str] = "in"
    invite_id: UUID


@dataclass(frozen=True, slots=True)
class Unlink(Payload):
    """[Leave quietly], or with `tell` [Leave and tell]."""

    tag: ClassVar[str] = "ul"
    couple_id: UUID
    tell: int


# -- settings


@dataclass(frozen=True, slots=True)
class OpenSettings(Payload):
    """A view of the settings."""

    tag: ClassVar[str] = "st"
    view: str


@dataclass(frozen=True, slots=True)
class SetTime(Payload):
    """The minute of the daily question."""

    tag: ClassVar[str] = "sm"
    minute: int


@dataclass(frozen=True, slots=True)
class SetRhythm(Payload):
    """[Every day] [Three a week] [Weekly only]."""

    tag: ClassVar[str] = "sr"
    rhythm: str


@dataclass(frozen=True, slots=True)
class SetDay(Payload):
    """A weekday (Monday is 0) on or off."""

    tag: ClassVar[str] = "sd"
    day: int
    on: int


@dataclass(frozen=True, slots=True)
class SetWeek(Payload):
    """The weekday (Monday is 0) and minute of the weekly occasion."""

    tag: ClassVar[str] = "sw"
    day: int
    minute: int


@dataclass(frozen=True, slots=True)
class SetLanguage(Payload):
    """A language that the bot speaks."""

    tag: ClassVar[str] = "sl"
    language: str


@dataclass(frozen=True, slots=True)
class SetDepth(Payload):
    """How deep questions may go."""

    tag: ClassVar[str] = "sp"
    depth: int


@dataclass(frozen=True, slots=True)
class SetTheme(Payload):
    """A theme on or off."""

    tag: ClassVar[str] = "sh"
    theme: str
    on: int


@dataclass(frozen=True, slots=True)
class SetProtection(Payload):
    """Forwarding protection on or off."""

    tag: ClassVar[str] = "sf"
    on: int


# -- what comes in, what is kept, who is blocked


@dataclass(frozen=True, slots=True)
class PauseFor(Payload):
    """Let nothing come in for so many days; 0 until the person says so."""

    tag: ClassVar[str] = "pf"
    days: int


@dataclass(frozen=True, slots=True)
class Resume(Payload):
    """[End the pause]."""

    tag: ClassVar[str] = "pe"


@dataclass(frozen=True, slots=True)
class SetQuiet(Payload):
    """Quiet hours between two minutes of the local day; the same twice for none."""

    tag: ClassVar[str] = "sq"
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SetDiscreet(Payload):
    """Discreet mode on or off."""

    tag: ClassVar[str] = "sk"
    on: int


@dataclass(frozen=True, slots=True)
class SetRetention(Payload):
    """Days after which one's own words are removed, 0 for never; with `sure`, asked and meant."""

    tag: ClassVar[str] = "se"
    days: int
    sure: int


@dataclass(frozen=True, slots=True)
class Unblock(Payload):
    """Let invites of somebody through again."""

    tag: ClassVar[str] = "ub"
    block_id: UUID


@dataclass(frozen=True, slots=True)
class DeleteAll(Payload):
    """[Delete everything]."""

    tag: ClassVar[str] = "xd"


@dataclass(frozen=True, slots=True)
class OpenHere(Payload):
    """[Open] under the nudge of any card, in discreet mode: the delivery says which."""

    tag: ClassVar[str] = "oh"
    delivery_id: int


# -- the daily question


@dataclass(frozen=True, slots=True)
class PickChoice(Payload):
    """One of the question's choices; `changes` tells which question the card showed."""

    tag: ClassVar[str] = "dc"
    checkin_id: UUID
    changes: int
    number: int


@dataclass(frozen=True, slots=True)
class AnotherQuestion(Payload):
    """[Another question]; `changes` tells how many came before."""

    tag: ClassVar[str] = "da"
    checkin_id: UUID
    changes: int


@dataclass(frozen=True, slots=True)
class AnswerLater(Payload):
    """[Later]: asks when."""

    tag: ClassVar[str] = "dl"
    checkin_id: UUID


@dataclass(frozen=True, slots=True)
class PutOff(Payload):
    """[In an hour] [This evening] [Tomorrow]."""

    tag: ClassVar[str] = "dp"
    checkin_id: UUID
    until: str


@dataclass(frozen=True, slots=True)
class NotToday(Payload):
    """[Not today]."""

    tag: ClassVar[str] = "dn"
    checkin_id: UUID


@dataclass(frozen=True, slots=True)
class BackToQuestion(Payload):
    """[Back] to the question, or to the answer."""

    tag: ClassVar[str] = "db"
    checkin_id: UUID


@dataclass(frozen=True, slots=True)
class ShareAnswer(Payload):
    """[Share]; `mark` tells which words the card showed."""

    tag: ClassVar[str] = "ds"
    checkin_id: UUID
    mark: int


@dataclass(frozen=True, slots=True)
class KeepAnswer(Payload):
    """[Keep for me]."""

    tag: ClassVar[str] = "dk"
    checkin_id: UUID


@dataclass(frozen=True, slots=True)
class EditAnswer(Payload):
    """[Edit]."""

    tag: ClassVar[str] = "de"
    checkin_id: UUID


@dataclass(frozen=True, slots=True)
class UnshareAnswer(Payload):
    """[Take back] what is not open yet."""

    tag: ClassVar[str] = "du"
    checkin_id: UUID


@dataclass(frozen=True, slots=True)
class RemoveTyped(Payload):
    """[Remove my message]: what the answer was typed in."""

    tag: ClassVar[str] = "dr"
    checkin_id: UUID


@dataclass(frozen=True, slots=True)
class ReplaceAnswer(Payload):
    """[Replace my answer] with the words that are held."""

    tag: ClassVar[str] = "dw"
    checkin_id: UUID


@dataclass(frozen=True, slots=True)
class AddToAnswer(Payload):
    """[Add to my answer] the words that are held."""

    tag: ClassVar[str] = "dx"
    checkin_id: UUID


@dataclass(frozen=True, slots=True)
class LeaveAnswer(Payload):
    """[Leave it]: the words that are held are let go."""

    tag: ClassVar[str] = "dv"
    checkin_id: UUID


# -- what opened


@dataclass(frozen=True, slots=True)
class React(Payload):
    """[I hear you] [Thank you] [More, when you like]."""

    tag: ClassVar[str] = "ra"
    reveal_id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class PlayVoice(Payload):
    """[Play] the partner's voice note."""

    tag: ClassVar[str] = "rp"
    reveal_id: UUID


@dataclass(frozen=True, slots=True)
class Stung(Payload):
    """[That stung]."""

    tag: ClassVar[str] = "rs"
    reveal_id: UUID


@dataclass(frozen=True, slots=True)
class AskTakeBack(Payload):
    """[Take mine back]: asks once."""

    tag: ClassVar[str] = "rt"
    reveal_id: UUID


@dataclass(frozen=True, slots=True)
class TakeMineBack(Payload):
    """[Take mine back], asked and meant."""

    tag: ClassVar[str] = "rc"
    reveal_id: UUID


@dataclass(frozen=True, slots=True)
class BackToReveal(Payload):
    """[Back] to what opened."""

    tag: ClassVar[str] = "rb"
    reveal_id: UUID


# -- rhythm and journal


@dataclass(frozen=True, slots=True)
class ChooseRhythm(Payload):
    """[Every day] [Three a week] [Weekly only], or "same" for [As it is]."""

    tag: ClassVar[str] = "rh"
    rhythm: str


@dataclass(frozen=True, slots=True)
class WriteNote(Payload):
    """[Write it down just for you]."""

    tag: ClassVar[str] = "jw"


@dataclass(frozen=True, slots=True)
class LeaveNote(Payload):
    """[Not now] under a private note."""

    tag: ClassVar[str] = "jn"


@dataclass(frozen=True, slots=True)
class RemoveNote(Payload):
    """[Remove my message] under a private note."""

    tag: ClassVar[str] = "jr"
    message_id: int


# -- the weekly conversation


@dataclass(frozen=True, slots=True)
class TakeStep(Payload):
    """One tap in the weekly conversation; the steps stand in `handlers.conversations.STEPS`."""

    tag: ClassVar[str] = "cs"
    participation_id: UUID
    step: str


@dataclass(frozen=True, slots=True)
class PickTopic(Payload):
    """Another topic."""

    tag: ClassVar[str] = "ct"
    participation_id: UUID
    topic: str


@dataclass(frozen=True, slots=True)
class PickSaved(Payload):
    """A topic from one's own list."""

    tag: ClassVar[str] = "cv"
    participation_id: UUID
    saved_id: UUID


@dataclass(frozen=True, slots=True)
class PutOffWeek(Payload):
    """[In an hour] [This evening] [Tomorrow]."""

    tag: ClassVar[str] = "cu"
    participation_id: UUID
    until: str


@dataclass(frozen=True, slots=True)
class BeginCard(Payload):
    """[Limit] [Request] [Hope] [Decide together]."""

    tag: ClassVar[str] = "cb"
    participation_id: UUID
    kind: str


@dataclass(frozen=True, slots=True)
class ChangeAgreement(Payload):
    """A request that changes an agreement on the agenda."""

    tag: ClassVar[str] = "ca"
    participation_id: UUID
    agreement_id: UUID


@dataclass(frozen=True, slots=True)
class ActOnDraft(Payload):
    """One tap on one's own card before it opens; `mark` tells which words it showed."""

    tag: ClassVar[str] = "cd"
    card_id: UUID
    act: str
    mark: int


@dataclass(frozen=True, slots=True)
class ActOnCard(Payload):
    """One tap on a card that is open; `turn` tells how many counter-proposals it showed."""

    tag: ClassVar[str] = "cc"
    card_id: UUID
    act: str
    turn: int


@dataclass(frozen=True, slots=True)
class MarkOption(Payload):
    """An option that one could live with, on or off; private."""

    tag: ClassVar[str] = "cm"
    card_id: UUID
    option: int
    on: int


@dataclass(frozen=True, slots=True)
class ActOnOpening(Payload):
    """One tap under what opened: back to it, take one's thanks back, close the week."""

    tag: ClassVar[str] = "co"
    conversation_id: UUID
    act: str


# -- agreements


@dataclass(frozen=True, slots=True)
class TurnBook(Payload):
    """A page of the agreement book."""

    tag: ClassVar[str] = "gb"
    page: int


@dataclass(frozen=True, slots=True)
class ActOnAgreement(Payload):
    """One tap on an agreement: look at it, change it, end it."""

    tag: ClassVar[str] = "ga"
    agreement_id: UUID
    act: str


@dataclass(frozen=True, slots=True)
class Review(Payload):
    """[Renew] [Change] [End it], privately."""

    tag: ClassVar[str] = "gr"
    agreement_id: UUID
    wish: str


# -- information


@dataclass(frozen=True, slots=True)
class HelpOn(Payload):
    """A group of commands in /help; any other number leads back."""

    tag: ClassVar[str] = "hp"
    group: int


@dataclass(frozen=True, slots=True)
class HelpIn(Payload):
    """Help in a country, by its two letters; `message_id` is what asked for it (0 for none), here and below."""

    tag: ClassVar[str] = "sc"
    country: str
    message_id: int


@dataclass(frozen=True, slots=True)
class HelpElsewhere(Payload):
    """[Another country]."""

    tag: ClassVar[str] = "so"
    message_id: int


@dataclass(frozen=True, slots=True)
class ClearThis(Payload):
    """[Clear this]: takes this card away, and the message that asked for it (0 for none)."""

    tag: ClassVar[str] = "cl"
    message_id: int


# -- the pulse


@dataclass(frozen=True, slots=True)
class OpenPulse(Payload):
    """[My pulse]: today's, in a message of its own."""

    tag: ClassVar[str] = "uo"


@dataclass(frozen=True, slots=True)
class TapPulse(Payload):
    """A value of the pulse of a day (its ordinal); `part` tells which of the four."""

    tag: ClassVar[str] = "up"
    day: int
    part: int
    value: int


@dataclass(frozen=True, slots=True)
class ChangePulse(Payload):
    """[Change] [Back]: asks for one of the four again."""

    tag: ClassVar[str] = "uc"
    day: int
    part: int


@dataclass(frozen=True, slots=True)
class ShowTrend(Payload):
    """[My trend]: the own picture."""

    tag: ClassVar[str] = "ut"


# -- the weekly summary


@dataclass(frozen=True, slots=True)
class OpenSummary(Payload):
    """[Back] to /summary."""

    tag: ClassVar[str] = "yo"


@dataclass(frozen=True, slots=True)
class SwitchSummary(Payload):
    """[Turn on] [Turn off]: the standing wish."""

    tag: ClassVar[str] = "yw"
    on: int


@dataclass(frozen=True, slots=True)
class OwnWeek(Payload):
    """[My week so far], for oneself alone."""

    tag: ClassVar[str] = "yk"
    page: int


@dataclass(frozen=True, slots=True)
class LookAtPreview(Payload):
    """The own lines of a week, page by page, whatever was decided about them."""

    tag: ClassVar[str] = "yb"
    preview_id: UUID
    page: int


@dataclass(frozen=True, slots=True)
class ChooseLines(Payload):
    """[Remove a line]: which?"""

    tag: ClassVar[str] = "yl"
    preview_id: UUID


@dataclass(frozen=True, slots=True)
class RemoveLine(Payload):
    """A line off the page, or back onto it."""

    tag: ClassVar[str] = "yr"
    line_id: UUID
    removed: int


@dataclass(frozen=True, slots=True)
class SwitchPulseLine(Payload):
    """The pulse onto the page, or off it."""

    tag: ClassVar[str] = "yp"
    preview_id: UUID
    on: int


@dataclass(frozen=True, slots=True)
class ApprovePreview(Payload):
    """[Approve]."""

    tag: ClassVar[str] = "ya"
    preview_id: UUID


@dataclass(frozen=True, slots=True)
class SkipPreview(Payload):
    """[Skip this week]."""

    tag: ClassVar[str] = "ys"
    preview_id: UUID


@dataclass(frozen=True, slots=True)
class DecideAnew(Payload):
    """[Look again] after skipping."""

    tag: ClassVar[str] = "yn"
    preview_id: UUID


@dataclass(frozen=True, slots=True)
class TakeApprovalBack(Payload):
    """[Take it back] after approving."""

    tag: ClassVar[str] = "yt"
    preview_id: UUID


@dataclass(frozen=True, slots=True)
class TurnSummary(Payload):
    """Another page of the summary, or [Back] to it."""

    tag: ClassVar[str] = "yg"
    summary_id: UUID
    page: int


@dataclass(frozen=True, slots=True)
class AskWithdraw(Payload):
    """[Withdraw this page]: asks once."""

    tag: ClassVar[str] = "yq"
    summary_id: UUID


@dataclass(frozen=True, slots=True)
class WithdrawSummary(Payload):
    """[Withdraw this page], asked and meant."""

    tag: ClassVar[str] = "yx"
    summary_id: UUID


# -- memories


@dataclass(frozen=True, slots=True)
class OpenMemories(Payload):
    """A view of the memories, as `bot.practice.memories` names them."""

    tag: ClassVar[str] = "mv"
    view: str


@dataclass(frozen=True, slots=True)
class SearchMemories(Payload):
    """[Search]: asks for words."""

    tag: ClassVar[str] = "ms"


@dataclass(frozen=True, slots=True)
class ReadMemory(Payload):
    """One memory in full; `view` is the way back."""

    tag: ClassVar[str] = "mr"
    reveal_id: UUID
    view: str


@dataclass(frozen=True, slots=True)
class ReadKept(Payload):
    """One kept answer in full; `view` is the way back."""

    tag: ClassVar[str] = "mk"
    answer_id: UUID
    view: str


@dataclass(frozen=True, slots=True)
class ReadSaved(Payload):
    """One saved topic; `view` is the way back."""

    tag: ClassVar[str] = "mt"
    saved_id: UUID
    view: str


@dataclass(frozen=True, slots=True)
class RemoveSaved(Payload):
    """[Remove]: a topic off the own list."""

    tag: ClassVar[str] = "mx"
    saved_id: UUID
    view: str
