"""What the events that come are called; contract tests compare the words with those of whoever sends them."""

OURS = "detection-stack"
"""The source of every event of ours."""

AWS = "aws."
"""Only AWS puts events whose source begins so on a bus (EventBridge API reference, PutEvents)."""

FINDING = "GuardDuty Finding"
NOTICE = "Suppression Notice"
REPORT = "Investigation Report"
HEARTBEAT = "Detection Stack Heartbeat"
API_CALL = "AWS API Call via CloudTrail"
