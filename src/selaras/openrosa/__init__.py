"""The door of phones: OpenRosa, as ODK Collect and KoboCollect speak it."""
