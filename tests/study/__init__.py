"""Tests of the study folder."""
