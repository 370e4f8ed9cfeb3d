"use strict";
(() => {
  const SHOWN = 50;
  const sets = JSON.parse(document.getElementById("sets").textContent);
  const dialog = document.getElementById("evidence-dialog");
  const title = document.getElementById("dialog-t");
  const body = document.getElementById("dialog-body");
  let opener = null;

  const make = (tag, name, text) => {
    const element = document.createElement(tag);
    if (name) element.className = name;
    if (text) element.textContent = text;
    return element;
  };

  const numbersOf = (target) => target[0] === "s"
    ? [Number(target.slice(1))]
    : sets[target.slice(1)].flatMap(([first, length]) => Array.from({ length }, (_, step) => first + step));

  const itemOf = (number) => {
    const statement = document.getElementById("s" + number);
    const row = statement.closest("li");
    const item = make("li");
    const value = make("span", "value");
    value.append(...statement.cloneNode(true).childNodes);
    item.append(make("span", "subject", row.querySelector("b").textContent), value, row.querySelector(".w").cloneNode(true));
    return item;
  };

  const open = (mark) => {
    const target = mark.hash.slice(1);
    const numbers = numbersOf(target);
    title.textContent = mark.getAttribute("aria-label").replace(/^e/, "E");
    const list = make("ul");
    list.append(...numbers.slice(0, SHOWN).map(itemOf));
    body.replaceChildren(list);
    if (numbers.length > SHOWN) {
      const rest = make("p");
      const link = make("a", "", `All ${numbers.length} statements`);
      link.href = mark.hash;
      rest.append(link);
      body.append(rest);
    }
    opener = mark;
    dialog.showModal();
    body.scrollTop = 0;
  };

  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const folded = target && target.closest("details:not([open])");
    if (!folded) return;
    folded.open = true;
    target.scrollIntoView();
  };

  document.querySelectorAll("a.m").forEach((mark) => mark.setAttribute("aria-haspopup", "dialog"));
  document.addEventListener("click", (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
    const mark = event.target.closest("a.m");
    if (mark && plain) {
      event.preventDefault();
      open(mark);
    } else if (event.target === dialog || event.target.closest("#dialog-close")) {
      dialog.close();
    } else if (event.target.closest("dialog a")) {
      opener = null;
      dialog.close();
      reveal();
    }
  });
  dialog.addEventListener("close", () => {
    if (opener) opener.focus();
    opener = null;
  });
  addEventListener("hashchange", reveal);
  reveal();
})();
