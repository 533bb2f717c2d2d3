"""Which findings a GuardDuty filter or an EventBridge pattern takes: their semantics, or a refusal by name."""
