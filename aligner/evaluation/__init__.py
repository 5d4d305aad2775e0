"""Score an alignment against a right one: `compare.compare_files`, `scores.score`, `calibration.calibrate`."""
