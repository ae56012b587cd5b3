"""Callback data: typed, versioned, at most 64 bytes, and exact."""

import dataclasses
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import buttons
from bot.messages.payload import LONGEST, Payload, UnknownButton, by_tag, pack, unpack
from handlers import BUTTONS

ALL = by_tag(list(BUTTONS))
BY_TYPE = {
    UUID: st.uuids(version=4),
    int: st.integers(-(10**6), 10**12),
    str: st.from_regex(r"[a-z.]{0,14}", fullmatch=True),
}


def payloads() -> st.SearchStrategy[Payload]:
    def of(kind: type[Payload]) -> st.SearchStrategy[Payload]:
        return st.builds(kind, *(BY_TYPE[field.type] for field in dataclasses.fields(kind)))

    return st.sampled_from(list(BUTTONS)).flatmap(of)


@given(payloads())
def test_a_payload_comes_back_as_it_was(payload: Payload) -> None:
    data = pack(payload)
    assert len(data.encode()) <= LONGEST
    assert unpack(data, ALL) == payload


@given(st.text(max_size=64))
def test_what_no_button_carries_is_unknown(data: str) -> None:
    try:
        payload = unpack(data, ALL)
    except UnknownButton:
        return
    assert pack(payload) == data


@pytest.mark.parametrize("data", ["", "1", "1:", "0:o:a:b", "1:o", "1:o:a:b:c", "1:nosuch:1", "\x00", "1:o:ä:b"])
def test_old_and_broken_data_are_unknown(data: str) -> None:
    with pytest.raises(UnknownButton):
        unpack(data, ALL)


def kinds_in(module: ModuleType) -> set[type[Payload]]:
    return {kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, Payload)} - {Payload}


def test_every_payload_has_a_handler_or_is_retired() -> None:
    assert kinds_in(buttons) == set(BUTTONS)
    assert {kind.__name__ for kind in kinds_in(buttons)} == set(buttons.__all__)


def test_every_payload_stands_in_the_file_of_its_feature() -> None:
    files = [import_module(f"{buttons.__name__}.{each.name}") for each in iter_modules(buttons.__path__)]
    assert set().union(*map(kinds_in, files)) == kinds_in(buttons)
    for payload, press in BUTTONS.items():
        assert payload.__module__.rpartition(".")[2] == press.__module__.rpartition(".")[2], payload


def test_two_buttons_cannot_share_a_tag() -> None:
    with pytest.raises(ValueError, match="share a tag"):
        by_tag([buttons.OpenCard, buttons.OpenCard])
