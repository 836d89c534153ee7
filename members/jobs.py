"""What happens to memberships at night. Each asks what should be by `today` and writes the rest.

Late, twice or killed half-way: the same result. `dry_run` returns what would be done.
"""

from members.operations import end_memberships, issue_renewals, send_student_notices

student_notices = send_student_notices

__all__ = ["end_memberships", "issue_renewals", "student_notices"]
