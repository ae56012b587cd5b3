import pytest

from tests.guards.tone import complaints


@pytest.mark.parametrize(
    "text",
    [
        "Five days in a row: keep it up",
        "You missed a question yesterday.",
        "Don't forget to answer.",
        "Don’t forget to answer.",
        "You should tell your partner.",
        "An answer must be shared.",
        "You have to answer by tonight.",
        "Only 3 hours left.",
        "Your partner is waiting for you.",
        "Ben has not answered yet.",
        "Just say it.",
        "Why didn't you share it?",
        "You will lose this answer.",
        "You let your partner down.",
        "You never listen.",
        "Your partner always forgets.",
        "Well done, 30 points.",
        "Happy couples do this every day.",
        "This is typical of hyper-independent people.",
        "Which trauma is behind it?",
        "Oops, something went wrong.",
        "What did he do today?",
        "What was good today!",
        "What was good today? :)",
        "Give your partner your password.",
        "Tell them where you are.",
        "Ask for permission before you go out.",
        "Show your partner your phone.",
        "🌱 A question for you 🌿",
        "A question for you 🌱",
        "🇩🇪🇫🇷",
    ],
)
def test_the_lint_hears_a_wrong_tone(text: str) -> None:
    assert complaints(text)


@pytest.mark.parametrize(
    "text",
    [
        "🌱 <b>Today's question</b>",
        "👩🏽‍🌾 Today",
        "🇩🇪 Deutsch",
        "✓ Weekly summary",
        "If you both share, the two answers open together. If not, it tells you nothing about why.",
        "It helps me write at a good hour; your partner never sees it.",
        "Must stay",
        "You never have to explain it.",
        "Should I write earlier?",
        "Passwords, location and reporting in cannot become an agreement.",
        "There is no question open. /today shows where you are.",
        "What would you need to know first?",
        "Your answer waits for your partner's. There is no hurry.",
    ],
)
def test_the_lint_lets_a_plain_tone_pass(text: str) -> None:
    assert complaints(text) == []


def test_a_complaint_names_the_words() -> None:
    assert complaints("Two streaks, no less!") == ["a streak: 'streaks'", "an exclamation: '!'"]
