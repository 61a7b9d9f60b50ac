// A "Copy" button for each formula and fact of a page, with a menu of the forms in its forms.json.
const FORMS = { LaTeX: "latex", MathML: "mathml", SymPy: "sympy", Python: "python", Link: "" };
const GAP = 8; // pixels between a button and what is said of it
const SHOWN = 2000; // milliseconds
const make = (tag, attributes, text = "") => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
};

const menu = make("div", { class: "af-menu", popover: "auto", role: "menu" });
const said = make("div", { class: "af-copied", role: "status" });
const items = Object.keys(FORMS).map((form) => {
  const item = make("button", { type: "button", role: "menuitem", tabindex: -1 }, form);
  item.addEventListener("click", () => copy(form));
  return item;
});
menu.append(...items);
document.body.append(said);

let button;
let forms;
let quiet;

/** Say beside the button, and to a screen reader, what became of it. */
const say = (used, sentence) => {
  said.textContent = sentence;
  const place = used.getBoundingClientRect();
  const onTheRight = place.right + GAP;
  const fits = onTheRight + said.offsetWidth < document.documentElement.clientWidth;
  const left = fits ? onTheRight : Math.max(GAP, place.left - GAP - said.offsetWidth);
  said.style.left = `${left + scrollX}px`;
  said.style.top = `${(place.top + place.bottom - said.offsetHeight) / 2 + scrollY}px`;
  clearTimeout(quiet);
  quiet = setTimeout(() => { said.textContent = ""; }, SHOWN);
};

/** Copy a text, or what a promise gives; `name` says what it is. */
export const put = async (used, text, name) => {
  try {
    await navigator.clipboard.writeText(await text);
    say(used, `Copied: ${name}`);
  } catch (error) {
    forms = undefined;
    say(used, `Not copied: ${error.message}`);
  }
};

/** What the page's forms.json holds, loaded once; offline it is in the page. */
export const load = () => {
  forms ??= OFFLINE
    ? Promise.resolve(JSON.parse(document.querySelector("#af-forms").textContent))
    : fetch("forms.json").then((answer) => answer.json());
  forms.catch(() => {});
  return forms;
};

const open = (event) => {
  button = event.currentTarget;
  load();
  menu.setAttribute("aria-label", button.getAttribute("aria-label"));
  button.after(menu);
  menu.showPopover();
  const place = button.getBoundingClientRect();
  const over = place.bottom + menu.offsetHeight > innerHeight;
  menu.style.left = `${Math.max(8, place.right - menu.offsetWidth) + scrollX}px`;
  menu.style.top = `${(over ? place.top - menu.offsetHeight : place.bottom) + scrollY}px`;
  items[0].focus({ preventScroll: true });
};

const copy = (form) => {
  const used = button;
  menu.hidePopover();
  used.focus({ preventScroll: true });
  const { anchor } = used.dataset;
  const link = new URL(`#${anchor}`, location).href;
  put(used, FORMS[form] ? load().then((all) => all[anchor][FORMS[form]]) : link, form);
};

menu.addEventListener("toggle", (event) =>
  button.setAttribute("aria-expanded", event.newState === "open"));

menu.addEventListener("keydown", (event) => {
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (event.key === "Tab") menu.hidePopover();
  if (to === undefined) return;
  event.preventDefault();
  items.at(to % items.length).focus();
});

/** Give the formulas and facts of the page that has just come their buttons. */
export function start() {
  if (!menu.showPopover) return;
  forms = undefined;
  for (const link of document.querySelectorAll(".af-formula .headerlink, a.af-fact")) {
    const anchor = link.hash.slice(1);
    const fact = link.matches(".af-fact");
    const name = fact ? link.textContent : anchor.replaceAll("-", " ");
    const copier = make("button", {
      class: "af-copy", type: "button", "data-anchor": anchor,
      "aria-label": `Copy ${name}`, "aria-haspopup": "menu", "aria-expanded": false,
    }, "Copy");
    copier.addEventListener("click", open);
    const told = link.closest("tr")?.lastElementChild ?? link.closest("dt")?.nextElementSibling;
    if (fact) told.append(copier);
    else link.before(copier);
  }
}
