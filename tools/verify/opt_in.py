"""What can be said of an account that is no member in a Region which it may not have enabled."""

ENROLL_AGAIN = "write today's date as organization.enroll_again, and deploy the Organization stack"
"""CloudFormation asks the function that enrols only when something has changed."""

MAY_BE_DISABLED = (
    "is no member of this opt-in Region; an account that has not enabled it has nothing to cover there, and one that "
    f"has (aws account list-regions) is covered after this: {ENROLL_AGAIN}"
)
