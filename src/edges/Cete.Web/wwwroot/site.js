// What is nicer with a script. Every page works without it.

const search = document.getElementById("q");

document.addEventListener("keydown", event => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    search.focus();
    search.select();
  }
});

// While words are typed: searches that find something, and entries whose names begin so. The pattern is WAI-ARIA's combobox with a list.
if (search?.dataset.suggestions) {
  const list = document.createElement("ul");
  list.id = "suggestions";
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  search.form.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) {
    search.setAttribute(name, value);
  }

  const known = new Map();
  let [timer, asking, chosen, typed] = [0, null, -1, search.value];

  const close = () => {
    list.hidden = true;
    chosen = -1;
    search.setAttribute("aria-expanded", "false");
    search.removeAttribute("aria-activedescendant");
  };

  const choose = index => {
    // What is still on its way would take the list away under who chooses from it.
    clearTimeout(timer);
    asking?.abort();
    chosen = index;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === chosen)));
    if (chosen < 0) {
      search.removeAttribute("aria-activedescendant");
    } else {
      search.setAttribute("aria-activedescendant", list.children[chosen].id);
      list.children[chosen].scrollIntoView({ block: "nearest" });
    }
    search.value = list.children[chosen]?.dataset.words ?? typed;
  };

  const take = item => {
    if (item.dataset.address) {
      location.assign(item.dataset.address);
    } else {
      search.value = item.dataset.words;
      close();
      search.form.requestSubmit();
    }
  };

  const add = (text, detail, data) => {
    const item = document.createElement("li");
    item.id = `suggestion-${list.children.length}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    Object.assign(item.dataset, data);
    const shown = item.appendChild(document.createElement("bdi"));
    const same = text.toLowerCase().startsWith(typed.toLowerCase()) ? typed.length : 0;
    shown.append(text.slice(0, same));
    shown.appendChild(document.createElement("b")).append(text.slice(same));
    if (detail) {
      item.appendChild(document.createElement("small")).append(detail);
    }
    list.append(item);
  };

  const show = found => {
    list.replaceChildren();
    chosen = -1;
    for (const words of found.words) {
      add(words, "", { words });
    }
    for (const entry of found.entries) {
      add(entry.name, entry.path.slice(0, -entry.name.length - 1) || "/", { address: `/entries/${entry.id}` });
    }
    const any = list.children.length > 0 && document.activeElement === search;
    list.hidden = !any;
    search.setAttribute("aria-expanded", String(any));
    search.removeAttribute("aria-activedescendant");
  };

  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const words = typed;
    try {
      if (!known.has(words)) {
        const answer = await fetch(`${search.dataset.suggestions}?q=${encodeURIComponent(words)}`, { signal: asking.signal });
        if (!answer.ok) {
          return;
        }
        known.set(words, await answer.json());
      }
      if (words === typed) {
        show(known.get(words));
      }
    } catch {
      // Newer words were typed, or the node is away: the search itself still works.
    }
  };

  search.addEventListener("input", event => {
    typed = search.value;
    clearTimeout(timer);
    if (typed.trim() === "") {
      asking?.abort();
      close();
    } else if (!event.isComposing) {
      timer = setTimeout(ask, 120);
    }
  });

  search.addEventListener("keydown", event => {
    const count = list.hidden ? 0 : list.children.length;
    if (event.isComposing) {
      return;
    }
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count > 0) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose((chosen + step + 1 + count + 1) % (count + 1) - 1);
    } else if (event.key === "Escape" && count > 0) {
      event.preventDefault();
      search.value = typed;
      close();
    } else if (event.key === "Enter" && chosen >= 0 && count > 0) {
      event.preventDefault();
      take(list.children[chosen]);
    }
  });

  // The finger or mouse goes down before the box loses the focus and the list is closed.
  list.addEventListener("pointerdown", event => event.preventDefault());
  list.addEventListener("click", event => {
    const item = event.target.closest("li");
    if (item) {
      take(item);
    }
  });
  search.addEventListener("blur", close);
}

// Filters are applied as they are chosen.
for (const filter of document.querySelectorAll(".filters select")) {
  filter.addEventListener("change", () => filter.form.requestSubmit());
}
document.querySelector(".filters")?.classList.add("live");

// Filters that choose nothing would only make addresses longer.
search?.form.addEventListener("submit", event => {
  for (const field of event.target.elements) {
    field.disabled = field.localName === "select" && field.value === "any";
  }
});
addEventListener("pageshow", () => {
  for (const field of search?.form.elements ?? []) {
    field.disabled = false;
  }
});

// The clipboard is there on this computer and over https only.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
        button.textContent = "Copied";
      } catch {
        button.textContent = "Not allowed";
      }
      setTimeout(() => { button.textContent = label; }, 2000);
    });
  }
}
