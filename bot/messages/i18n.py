"""Words in the reader's language: gettext over `.po` files, read at start without a compile step."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError, negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from markupsafe import Markup

LOCALES = Path(__file__).parent / "locales"
SOURCE_LANGUAGE = "en"


@dataclass(frozen=True)
class Words:
    """One language: call it with an English template to get the translated, escaped `Markup`."""

    language: str
    catalogue: NullTranslations

    def __call__(self, template: str, **values: object) -> Markup:
        """The template in this language; values are escaped unless they are `Markup`."""
        return Markup(self.catalogue.gettext(template)).format(**values)

    def plural(self, one: str, many: str, count: int, **values: object) -> Markup:
        """The form that fits `count`, which the template may use as {count}."""
        return Markup(self.catalogue.ngettext(one, many, count)).format(count=count, **values)

    @property
    def locale(self) -> Locale:
        """For the names of days, months and languages."""
        return Locale.parse(self.language.replace("-", "_"))


@dataclass(frozen=True)
class Languages:
    """All languages the bot speaks, the source language among them."""

    words: Mapping[str, Words]

    def best(self, code: str | None) -> str:
        """The language for an account's code such as `pt-br`; English for what is unknown."""
        try:
            wanted = Locale.parse(code or SOURCE_LANGUAGE, sep="-")
        except (ValueError, UnknownLocaleError, TypeError):
            return SOURCE_LANGUAGE
        names = [str(wanted), wanted.language]
        found = negotiate_locale(names, [name.replace("-", "_") for name in self.words])
        return found.replace("_", "-") if found else SOURCE_LANGUAGE

    def named(self, text: str) -> str | None:
        """The language of a typed code or name, its own or the English one; None if the bot does not speak it."""
        wanted = text.strip().casefold()
        for language, words in self.words.items():
            names = (language, words.locale.get_display_name(words.locale), words.locale.get_display_name("en"))
            if wanted in {(name or "").casefold() for name in names}:
                return language
        return None

    def speak(self, language: str) -> Words:
        """The words of a language, or English ones."""
        return self.words.get(language) or self.words[SOURCE_LANGUAGE]


def load_languages(folder: Path = LOCALES) -> Languages:
    """Read every `<language>/LC_MESSAGES/messages.po` in the folder."""
    found = {path.parts[-3].replace("_", "-"): _catalogue(path) for path in _catalogues(folder)}
    words = {language: Words(language, catalogue) for language, catalogue in found.items()}
    return Languages({SOURCE_LANGUAGE: Words(SOURCE_LANGUAGE, NullTranslations()), **words})


def _catalogues(folder: Path) -> Iterable[Path]:
    return sorted(folder.glob("*/LC_MESSAGES/messages.po"))


def _catalogue(path: Path) -> GNUTranslations:
    with path.open("rb") as source:
        catalogue = read_po(source, locale=path.parts[-3])
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
