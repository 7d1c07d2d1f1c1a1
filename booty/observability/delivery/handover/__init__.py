"""Handing issues over: to whom, on which day, the assignments that are made afterwards."""
