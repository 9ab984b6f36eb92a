// Keeps the page of nodes as it is now: when the node tells that something changed, the page is asked for again and what differs in it is
// put in place of what is shown. So there is one place that says how a node is shown, and the page is whole without this script.

const quietTime = 1_000;
const sampleTime = 10_000;
let [wanted, busy, waiting] = [false, false, 0];

const replace = (shown, newer) => {
  if (!shown.isEqualNode(newer)) {
    shown.replaceWith(newer);
  }
};

const showRows = (shown, newer) => {
  const kept = new Set([...newer.children].map(row => row.id));
  for (const row of [...shown.children]) {
    if (!kept.has(row.id)) {
      row.remove();
    }
  }
  [...newer.children].forEach((row, index) => {
    const known = document.getElementById(row.id);
    if (known) {
      replace(known, row);
    } else {
      shown.insertBefore(row, shown.children[index] ?? null);
    }
  });
};

const show = page => {
  const [shown, newer] = [document.getElementById("nodes-rows"), page.getElementById("nodes-rows")];
  if (shown && newer) {
    showRows(shown, newer);
  } else if (shown || newer) {
    location.reload();
  }
  for (const part of [...page.querySelectorAll("div[data-live], dl[data-live]")]) {
    const known = document.getElementById(part.id);
    if (known) {
      replace(known, part);
    }
  }

  // Its text alone is changed, so that screen readers say it when it does.
  const [summary, said] = [document.getElementById("nodes-summary"), page.getElementById("nodes-summary")];
  if (summary && said && summary.textContent !== said.textContent) {
    summary.textContent = said.textContent;
  }
};

const refresh = async () => {
  if (busy || document.hidden) {
    wanted = true;
    return;
  }
  [busy, wanted] = [true, false];
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    if (answer.ok) {
      show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    }
  } catch {
    // The node is away; its events come again when it is back.
  }
  busy = false;
  if (wanted) {
    later();
  }
};

const later = () => {
  waiting ||= setTimeout(() => {
    waiting = 0;
    refresh();
  }, quietTime);
};

new EventSource("/api/servers/live").addEventListener("servers", later);
setInterval(refresh, sampleTime);
document.addEventListener("visibilitychange", () => wanted && refresh());
