// What is nicer with a script on pages of services: what others do is seen as they do it, cards are dragged, and what is said is sent without loading the
// page again. Each of it sends and shows what the page's own forms and links do, so there is one place that says how things look.

const view = document.getElementById("view");
const whats = ["created", "updated", "deleted", "restored", "hidden", "shown"];
const pause = 800;

if (view) {
  const kinds = new Set(view.dataset.kinds.split(" "));
  const isChat = () => view.querySelector("ol.chat") !== null;
  const isAtEnd = () => innerHeight + scrollY >= document.documentElement.scrollHeight - 160;
  const toEnd = () => scrollTo({ top: document.documentElement.scrollHeight });

  // Puts newer parts in place of those that differ. What somebody types in stays, as does what he has opened.
  const show = (page, isOwn) => {
    const newer = page.getElementById("view");
    if (!newer) {
      return false;
    }
    const wasAtEnd = isAtEnd();
    const [old, fresh] = [[...view.children], [...newer.children]];
    const isAlike = old.length === fresh.length && old.every((part, i) => part.localName === fresh[i].localName && part.className === fresh[i].className);
    if (isOwn || (!isAlike && !view.contains(document.activeElement))) {
      view.replaceChildren(...fresh);
      listen();
    } else if (isAlike) {
      old.forEach((part, i) => {
        if (!part.isEqualNode(fresh[i]) && part.localName !== "form" && !part.contains(document.activeElement) && !part.querySelector("details.moves[open]")) {
          part.replaceWith(fresh[i]);
        }
      });
      listen();
    }
    if (isChat() && wasAtEnd) {
      toEnd();
    }
    return true;
  };

  const parse = text => new DOMParser().parseFromString(text, "text/html");
  let [timer, busy, again, count] = [0, false, false, 0];

  const refresh = async () => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.ok) {
        show(parse(await answer.text()), false);
      }
    } catch {
      // The node is away; the stream comes back when it does.
    }
    busy = false;
    if (again) {
      again = false;
      later();
    }
  };

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, pause);
  };

  const tell = () => {
    let line = document.getElementById("news");
    if (!line) {
      line = document.createElement("p");
      line.id = "news";
      line.className = "news";
      line.setAttribute("role", "status");
      view.before(line);
    }
    const link = document.createElement("a");
    link.className = "button";
    link.href = location.pathname + location.search;
    link.textContent = count > 0 ? `${count} new: show` : "Something changed: show";
    line.replaceChildren(link);
  };

  // One stream a page, while somebody looks at it. Where it ended it goes on, so nothing is missed in between.
  let [source, position, isFirst] = [null, "", true];
  const open = () => {
    if (source || view.dataset.way === "none" || document.visibilityState !== "visible") {
      return;
    }
    source = new EventSource(view.dataset.live + (position ? `?after=${encodeURIComponent(position)}` : ""));
    source.addEventListener("open", () => {
      // What happened between the page and the stream.
      if (isFirst && view.dataset.way === "at-once") {
        later();
      }
      isFirst = false;
    });
    source.addEventListener("message", event => { position = event.lastEventId; });
    for (const what of whats) {
      source.addEventListener(what, event => {
        position = event.lastEventId;
        if (!kinds.has(JSON.parse(event.data).kind)) {
          return;
        }
        if (view.dataset.way === "at-once") {
          later();
        } else {
          count += what === "created" ? 1 : 0;
          tell();
        }
      });
    }
    source.addEventListener("gone", () => {
      close();
      position = "";
      isFirst = true;
      open();
    });
    source.addEventListener("failed", () => close());
  };
  const close = () => {
    source?.close();
    source = null;
  };
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" ? open() : close());
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);

  const send = async (form, button) => {
    try {
      // A field of forms is called 'action', and stands in its way.
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body: new URLSearchParams(new FormData(form, button)) });
      if (answer.ok && show(parse(await answer.text()), true)) {
        return true;
      }
    } catch {
      // The browser tells better why, and keeps what was typed.
    }
    form.noValidate = true;
    HTMLFormElement.prototype.submit.call(withButton(form, button));
    return false;
  };

  // A form that is sent by a script leaves out the button that it was sent by.
  const withButton = (form, button) => {
    if (button?.name) {
      const field = document.createElement("input");
      field.type = "hidden";
      [field.name, field.value] = [button.name, button.value];
      form.append(field);
    }
    return form;
  };

  let dragged = null;
  const buttonTo = column => dragged?.querySelector(`details.moves button[value="${CSS.escape(column.dataset.column)}"]`);
  const listen = () => {
    for (const card of view.querySelectorAll(".board [data-card]")) {
      card.draggable = card.querySelector("details.moves") !== null;
    }
  };
  view.addEventListener("dragstart", event => {
    dragged = event.target.closest?.("[data-card]");
    if (dragged) {
      event.dataTransfer.effectAllowed = "move";
      dragged.classList.add("dragged");
    }
  });
  view.addEventListener("dragend", () => {
    dragged?.classList.remove("dragged");
    dragged = null;
    view.querySelectorAll(".target").forEach(column => column.classList.remove("target"));
  });
  view.addEventListener("dragover", event => {
    const column = event.target.closest("[data-column]");
    if (column && buttonTo(column)) {
      event.preventDefault();
      column.classList.add("target");
    }
  });
  view.addEventListener("dragleave", event => {
    const column = event.target.closest("[data-column]");
    if (column && !column.contains(event.relatedTarget)) {
      column.classList.remove("target");
    }
  });
  view.addEventListener("drop", event => {
    const column = event.target.closest("[data-column]");
    const button = column && buttonTo(column);
    if (button) {
      event.preventDefault();
      send(button.form, button);
    }
  });

  view.addEventListener("submit", async event => {
    const form = event.target;
    if (!form.classList.contains("saying") && !form.closest("details.moves")) {
      return;
    }
    event.preventDefault();
    const isSaying = form.classList.contains("saying");
    if (await send(form, event.submitter) && isSaying) {
      view.querySelector(".saying textarea, .saying input:not([type=hidden])")?.focus({ preventScroll: true });
      toEnd();
    }
  });

  listen();
  open();
  if (isChat() && !location.hash && !new URLSearchParams(location.search).has("cursor")) {
    toEnd();
  }
}
