"""Run time: works a case of leaked credentials up to a report, and changes nothing on the way."""
