"""The notifier: a GuardDuty finding in, a message to a person out."""
