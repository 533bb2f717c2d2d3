"""Delegation and enrolment of an organization, as custom resources of CloudFormation."""
