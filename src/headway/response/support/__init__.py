"""Support at home: instruments allocated over firms under a budget, exactly, with reasons and shadow prices."""
