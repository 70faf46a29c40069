"""A Qt that drops a reference to None with every call ends the program after a few thousand of them."""

import sys

import pytest
from PySide6.QtWidgets import QCheckBox


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_calling_qt_ten_thousand_times_uses_up_no_reference_to_none(qtbot) -> None:  # type: ignore[no-untyped-def]
    box = QCheckBox("x")
    qtbot.addWidget(box)
    before = sys.getrefcount(None)

    for _turn in range(10_000):
        box.setChecked(True)

    assert sys.getrefcount(None) > before - 1_000
