"""Labelled true and enlarged pictures for measuring verify4k.analysis.native.analyse."""
