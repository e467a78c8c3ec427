"""Programs that measure: each prints ratios against a baseline that ran in the same minutes on the same machine."""
