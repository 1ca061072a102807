"""What a file of Cobertura may hold, by its coverage-04.dtd: each element's content and attributes."""

RATES = ("line-rate", "branch-rate", "complexity")
# An attribute with a default may be left out.
ELEMENTS = {
    "coverage": ("(sources?, packages)", (*RATES, "lines-covered", "lines-valid", "branches-covered", "branches-valid",
                                          "version", "timestamp"), {}),
    "sources": ("(source*)", (), {}),
    "source": ("(#PCDATA)", (), {}),
    "packages": ("(package*)", (), {}),
    "package": ("(classes)", ("name", *RATES), {}),
    "classes": ("(class*)", (), {}),
    "class": ("(methods, lines)", ("name", "filename", *RATES), {}),
    "methods": ("(method*)", (), {}),
    "method": ("(lines)", ("name", "signature", *RATES), {}),
    "lines": ("(line*)", (), {}),
    "line": ("(conditions*)", ("number", "hits"), {"branch": "false", "condition-coverage": "100%"}),
    "conditions": ("(condition*)", (), {}),
    "condition": ("EMPTY", ("number", "type", "coverage"), {}),
}


def dtd():
    text = ""
    for name, (content, required, optional) in ELEMENTS.items():
        text += f"<!ELEMENT {name} {content}>\n"
        for attribute in required:
            text += f"<!ATTLIST {name} {attribute} CDATA #REQUIRED>\n"
        for attribute, default in optional.items():
            text += f'<!ATTLIST {name} {attribute} CDATA "{default}">\n'
    return text
