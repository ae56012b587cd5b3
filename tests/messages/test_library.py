from pathlib import Path

import pytest

from bot.messages.library import BrokenPrompt, load
from bot.practice.prompts import Prompt

PLAIN = '[[prompt]]\nid = "tea"\ndepth = 1\nquestion = "Tea?"\n'


def written(folder: Path, **files: str) -> Path:
    """Prompt files, each named language__theme."""
    for name, content in files.items():
        language, theme = name.split("__")
        path = folder / language / f"{theme.replace('_', '-')}.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def complaint(folder: Path, **files: str) -> str:
    with pytest.raises(BrokenPrompt) as caught:
        load(written(folder, **files))
    return str(caught.value)


def test_the_bot_brings_its_own_prompts() -> None:
    assert load().prompt("my-hour").choices == ("Early morning", "Midday", "Evening", "Late at night")


def test_a_plain_block_fits_everybody(tmp_path: Path) -> None:
    prompt = load(written(tmp_path, en__self_awareness=PLAIN)).prompt("tea")
    assert prompt == Prompt(id="tea", theme="self-awareness", depth=1, question="Tea?")
    assert (prompt.shared, prompt.solo, prompt.alone) == (True, True, True)


@pytest.mark.parametrize(
    ("flag", "shared", "solo", "alone"),
    [
        ('only = "shared"', True, False, False),
        ('only = "solo"', False, True, True),
        ("paired = true", True, True, False),
        ("aloud = true", False, False, False),
    ],
)
def test_a_flag_says_whom_a_prompt_fits(tmp_path: Path, flag: str, shared: bool, solo: bool, alone: bool) -> None:
    prompt = load(written(tmp_path, en__play=PLAIN + flag)).prompt("tea")
    assert (prompt.shared, prompt.solo, prompt.alone) == (shared, solo, alone)


def test_choices_and_the_other_flags_are_read(tmp_path: Path) -> None:
    more = 'choices = ["Yes", "No"]\nfirst = true\nretired = true'
    prompt = load(written(tmp_path, en__play=PLAIN + more)).prompt("tea")
    assert (prompt.choices, prompt.first, prompt.retired) == (("Yes", "No"), True, True)


def test_a_translation_takes_its_kind_from_english(tmp_path: Path) -> None:
    english = PLAIN.replace("1", "2") + 'choices = ["Yes", "No"]\nonly = "solo"'
    german = '[[prompt]]\nid = "tea"\nquestion = "Tee?"\nchoices = ["Ja", "Nein"]'
    library = load(written(tmp_path, en__play=english, de__play=german))
    translated = library.prompt("tea", "de")
    assert (translated.question, translated.choices) == ("Tee?", ("Ja", "Nein"))
    assert (translated.depth, translated.shared) == (2, False)


def test_files_beside_the_languages_and_other_endings_are_left_alone(tmp_path: Path) -> None:
    written(tmp_path, en__play=PLAIN)
    (tmp_path / "README.md").write_text("Hello")
    (tmp_path / "en" / "notes.txt").write_text("Hello")
    assert set(load(tmp_path).english) == {"tea"}


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (PLAIN.replace('id = "tea"', ""), "block 1: the id has to be small letters"),
        (PLAIN.replace('"tea"', "7"), "7: the id has to be small letters"),
        (PLAIN.replace("tea", "Tea time"), "Tea time: the id has to be small letters"),
        (PLAIN.replace("tea", "t" * 33), "at most 32"),
        (PLAIN.replace("depth = 1", ""), "tea: the depth has to be 1, 2 or 3"),
        (PLAIN.replace("1", "4"), "tea: the depth has to be 1, 2 or 3"),
        (PLAIN.replace("1", "true"), "tea: the depth has to be 1, 2 or 3"),
        (PLAIN.replace('question = "Tea?"', ""), "tea: the question has to be a text of at most 240 characters"),
        (PLAIN.replace("Tea?", "   "), "tea: the question has to be"),
        (PLAIN.replace("Tea?", "Tea? "), "tea: the question has to be"),
        (PLAIN.replace("Tea?", "x" * 241), "tea: the question has to be"),
        (PLAIN + "choices = 2", "tea: choices have to be 2 to 4 texts"),
        (PLAIN + 'choices = ["Yes"]', "tea: choices have to be 2 to 4 texts"),
        (PLAIN + 'choices = ["1", "2", "3", "4", "5"]', "tea: choices have to be 2 to 4 texts"),
        (PLAIN + 'choices = ["Yes", 2]', "tea: choices have to be 2 to 4 texts"),
        (PLAIN + f'choices = ["Yes", "{"x" * 25}"]', "tea: choices have to be 2 to 4 texts of at most 24"),
        (PLAIN + 'choices = ["Yes", "Yes"]', "tea: a choice stands there twice"),
        (PLAIN + 'only = "others"', "tea: only has to be 'shared' or 'solo'"),
        (PLAIN + 'first = "yes"', "tea: first has to be true or false"),
        (PLAIN + 'questoin = "Tea?"', "tea: there is no field 'questoin' here"),
        (PLAIN + "aloud = true\nfirst = true", "tea: aloud goes with no choices, only, paired or first"),
        (PLAIN + 'aloud = true\nchoices = ["Yes", "No"]', "tea: aloud goes with no choices, only, paired or first"),
        (PLAIN + 'first = true\nonly = "solo"', "tea: first has to be of depth 1 and for everybody"),
        (PLAIN.replace("1", "2") + "first = true", "tea: first has to be of depth 1 and for everybody"),
        (PLAIN + PLAIN, "tea: this id is used twice"),
    ],
)
def test_a_broken_block_is_told_in_one_sentence(tmp_path: Path, block: str, said: str) -> None:
    sentence = complaint(tmp_path, en__play=block)
    assert sentence.startswith("en/play.toml, ")
    assert said in sentence
    assert sentence.endswith(".")


def test_an_id_is_used_once_over_all_themes(tmp_path: Path) -> None:
    assert complaint(tmp_path, en__play=PLAIN, en__support=PLAIN) == "en/support.toml, tea: this id is used twice."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[[prompt]", "en/play.toml cannot be read as TOML: "),
        ("[prompt]\nid = 'tea'", "en/play.toml may hold only [[prompt]] blocks."),
        ("prompt = [1]", "en/play.toml may hold only [[prompt]] blocks."),
        ("title = 'Play'", "en/play.toml may hold only [[prompt]] blocks."),
    ],
)
def test_a_broken_file_is_told_in_one_sentence(tmp_path: Path, content: str, said: str) -> None:
    assert complaint(tmp_path, en__play=content).startswith(said)


def test_a_file_that_is_not_utf8_is_told_as_well(tmp_path: Path) -> None:
    written(tmp_path, en__play="")
    (tmp_path / "en" / "play.toml").write_bytes(b"\xff")
    assert complaint(tmp_path).startswith("en/play.toml cannot be read as TOML: ")


def test_a_file_that_is_no_theme_is_refused(tmp_path: Path) -> None:
    assert complaint(tmp_path, en__gardening=PLAIN).startswith("en/gardening.toml is not named after a theme: ")


def test_english_has_to_be_there(tmp_path: Path) -> None:
    assert "no folder 'en'" in complaint(tmp_path, de__play=PLAIN)


@pytest.mark.parametrize(
    ("german", "said"),
    [
        ('id = "tee"\nquestion = "Tee?"', "de/play.toml, tee: en/play.toml has no prompt with this id."),
        ('id = "soup"\nquestion = "Suppe?"', "de/play.toml, soup: en/play.toml has no prompt with this id."),
        ('id = "tea"\nquestion = "Tee?"\ndepth = 2', "de/play.toml, tea: there is no field 'depth' here."),
        (
            'id = "tea"\nquestion = "Tee?"\nchoices = ["Ja", "Nein"]',
            "de/play.toml, tea: it needs as many choices as in English.",
        ),
    ],
)
def test_a_translation_that_fits_no_english_prompt_is_refused(tmp_path: Path, german: str, said: str) -> None:
    soup = PLAIN.replace("tea", "soup")
    assert complaint(tmp_path, en__play=PLAIN, en__support=soup, de__play=f"[[prompt]]\n{german}") == said
