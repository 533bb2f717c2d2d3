"""What each destination receives for a finding, shown at the desk.

`html.render_html(brief, …)` makes a page, `terminal.print_brief(brief, console)` prints.
"""
