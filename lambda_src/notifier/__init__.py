"""The notifier: a GuardDuty finding in, a message to a person out.

`handler` gets a `batch` of messages of the `queue`, the most severe first (`urgency`). What came in one is an item
(`items`); it is put in words (`briefs` write the `brief`), told once (`ledger`) and sent (`destinations`, `https`).
"""
