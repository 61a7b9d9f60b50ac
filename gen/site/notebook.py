"""A rendered notebook as plain HTML of the site: cells, code and outputs, nothing of Jupyter's.

mkdocs-jupyter runs the notebook and renders it with nbconvert, whose template brings 0.6 MB of
styles and scripts that know other hosts. What a reader needs of it is the text, the code and what
the code printed and drew. Drawings become files of their own, which a browser fetches once the
reader comes near.
"""

import functools
import re
import struct
from base64 import b64decode

from bs4 import BeautifulSoup, Tag

CELL_PARTS = ["jp-RenderedMarkdown", "highlight-ipynb", "jp-OutputArea-output"]
WARNED = "application/vnd.jupyter.stderr"  # by libraries, of the machine that runs the notebook
PNG = "data:image/png;base64,"
DISPLAY = re.compile(r"\$\$(.+?)\$\$", re.S)
INLINE = re.compile(r"(?<![\\$])\$([^$]+?)\$")


@functools.lru_cache(maxsize=8)  # mkdocs serve reads the same notebooks again and again
def plain(rendered: str, download: str) -> tuple[str, dict[str, bytes]]:
    """The notebook's parts in order, and its drawings by their names beside the page.

    Formulas are marked as pymdownx.arithmatex marks them. `download` is the name of the notebook
    file beside the page.
    """
    soup = BeautifulSoup(rendered, "html.parser")
    out = []
    drawings: dict[str, bytes] = {}
    for part in soup.find_all(class_=CELL_PARTS):
        classes = list(part.get("class") or [])
        if "jp-RenderedMarkdown" in classes:
            out.append(_text(part))
        elif "highlight-ipynb" in classes:
            out.append(_code(part))
        elif part.get("data-mime-type") != WARNED:
            out.append(_output(part, drawings))
    link = f'<p><a href="{download}" download>Download this notebook</a></p>'
    return re.sub("</h1>", f"</h1>\n{link}", "\n".join(out), count=1), drawings


def _text(part: Tag) -> str:
    for anchor in part.find_all("a", class_="anchor-link"):
        anchor["class"] = "headerlink"
        anchor["title"] = "Permanent link"
    pieces = re.split(r"(<code>.*?</code>|<pre>.*?</pre>)", part.decode_contents(), flags=re.S)
    for place in range(0, len(pieces), 2):
        marked = DISPLAY.sub(r'<span class="arithmatex">\\[\1\\]</span>', pieces[place])
        pieces[place] = INLINE.sub(r'<span class="arithmatex">\\(\1\\)</span>', marked)
    return "".join(pieces)


def _code(part: Tag) -> str:
    return (
        '<div class="language-python highlight"><pre><span></span><code>'
        f"{_inside(part.pre)}\n</code></pre></div>"
    )


def _output(part: Tag, drawings: dict[str, bytes]) -> str:
    """The printed text, or the drawings that have a text alternative; adds them to `drawings`."""
    if part.pre:
        return f'<pre class="af-output" tabindex="0">{_inside(part.pre)}\n</pre>'
    figures = []
    for image in part.find_all("img"):
        if not image.get("alt"):
            continue
        content = b64decode(str(image["src"]).removeprefix(PNG))
        width, height = struct.unpack(">II", content[16:24])
        name = f"figure-{len(drawings) + 1}.png"
        drawings[name] = content
        image.attrs |= {"src": name, "width": width, "height": height, "loading": "lazy"}
        figures.append(f"<figure>{image}</figure>")
    return "".join(figures)


def _inside(pre: Tag | None) -> str:
    assert pre
    return pre.decode_contents().removeprefix("<span></span>").strip("\n")
