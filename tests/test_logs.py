"""Logs hold events and internal ids, nothing else (G9)."""

import io
import logging

import pytest
import structlog

from bot.logs import start_logs

TOKEN = "6123456789:AAExampleExampleExampleExample_0123"


@pytest.fixture(params=["text", "json"])
def logged(request: pytest.FixtureRequest) -> io.StringIO:
    out = io.StringIO()
    start_logs("DEBUG", request.param, to=out)
    return out


def test_fields_that_are_not_known_to_be_harmless_are_dropped(logged: io.StringIO) -> None:
    structlog.get_logger("sender").info("refused", delivery=4, words="the way you waited", card="daily.mine")
    assert "refused" in logged.getvalue()
    assert "daily.mine" in logged.getvalue()
    assert "waited" not in logged.getvalue()


def test_a_token_and_a_telegram_id_are_masked_wherever_they_stand(logged: io.StringIO) -> None:
    structlog.get_logger("sender").error("refused", error=f"https://example.test/bot{TOKEN}/sendMessage to 6123456789")
    assert TOKEN not in logged.getvalue()
    assert "6123456789" not in logged.getvalue()


def test_a_library_says_only_where_something_happened(logged: io.StringIO) -> None:
    logger = logging.getLogger("telegram.ext.Application")
    try:
        raise ValueError("the way you waited")
    except ValueError:
        logger.exception("No error handlers are registered: %s", TOKEN)
    assert "telegram.ext.Application" in logged.getvalue()
    assert "ValueError" in logged.getvalue()
    assert "waited" not in logged.getvalue()
    assert TOKEN not in logged.getvalue()
    logging.getLogger("httpx").info("POST %s", TOKEN)
    assert "POST" not in logged.getvalue()
