"""What would become of a finding, before anything is deployed: hidden by whom, or told to whom, in what words."""
