"""What two people do together: rules and use cases, without Telegram and without SQL."""
