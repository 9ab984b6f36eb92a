// Keeps a page of downloads as it is now: it is asked for again, and what differs in it is put in place of what is shown. Without this script the
// browser loads it again by itself.

const interval = 1_000;

const show = page => {
  for (const newer of [...page.querySelectorAll("[data-live]")]) {
    const shown = document.getElementById(newer.id);
    // What somebody is about to press stays under the finger.
    if (shown && !shown.isEqualNode(newer) && !shown.contains(document.activeElement)) {
      shown.replaceWith(newer);
    }
  }
};

const refresh = async () => {
  try {
    const answer = document.hidden ? null : await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (answer && answer.ok) {
      show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } else if (answer) {
      // It is gone: the page that says so takes the place of this one.
      location.reload();
      return;
    }
  } catch {
    // The agent is away; it may come back.
  }
  setTimeout(refresh, interval);
};

setTimeout(refresh, interval);
