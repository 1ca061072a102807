"""What all pictures of the pages share: a card with a background of its own, so that it can be read in a light page and
in a dark one."""

from html import escape

BACKGROUND, EDGE_OF_BOX, TEXT, BRIGHT, GOOD, BAD, DIM = (
    "#1d232b", "#5b6878", "#d5dbe3", "#ffffff", "#6cd089", "#f08a80", "#98a4b3")


def card(title: str, width: int, height: int, body: list[str]) -> str:
    lines = "\n".join(body)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            f'role="img" xml:space="preserve">\n<title>{escape(title)}</title>\n'
            "<style>text { font: 13px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; white-space: pre }"
            f"</style>\n<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{BACKGROUND}\"/>\n{lines}\n</svg>\n")
