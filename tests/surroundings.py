"""What a notifier knows beside a message that nobody has told it anything."""

from notifier.briefs.surroundings import Surroundings

AROUND = Surroundings(deployment="sandbox")
