// A browser as a device of an account: its keys are made here, cannot be read out by any script, and sign what is shown in words first.
// What is signed stands in src/runtime/Cete.Trust/Statements/SignedStatement.cs. Every page says the same without this script.

const subtle = globalThis.crypto?.subtle;
const curve = "P-256";
const dayMs = 86_400_000;
const letters = "abcdefghijklmnopqrstuvwxyz234567";
const facts = document.getElementById("signer")?.dataset;

const utf8 = text => new TextEncoder().encode(text);
const base64 = bytes => btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(""));

const toBase32 = bytes => {
  let [text, bits, held] = ["", 0, 0];
  for (const byte of bytes) {
    held = (held << 8 | byte) & 0xffff;
    for (bits += 8; bits >= 5; bits -= 5) {
      text += letters[held >> (bits - 5) & 31];
    }
  }
  return bits > 0 ? text + letters[held << (5 - bits) & 31] : text;
};

const fromBase32 = text => {
  const bytes = [];
  let [bits, held] = [0, 0];
  for (const letter of text) {
    held = (held << 5 | letters.indexOf(letter)) & 0xffff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push(held >> bits & 255);
    }
  }
  return bytes;
};

const nameOf = async key => toBase32(new Uint8Array(await subtle.digest("SHA-256", key)).slice(0, 20));

// Keys live in the browser's own database, which belongs to the address of this node: at another node there are others.

const inStore = async (mode, work) => {
  const database = await new Promise((resolve, reject) => {
    const asked = indexedDB.open("cete", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("devices", { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction("devices", mode);
      let found;
      work(transaction.objectStore("devices"), value => { found = value; });
      transaction.oncomplete = () => resolve(found);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
};

const ask = (request, then) => { request.onsuccess = () => then(request.result); };

/** The key of this browser that is a device of the account, or undefined. */
const findKey = () => inStore("readwrite", (store, give) => ask(store.getAll(), records => {
  const known = records.find(one => one.community === facts.community && facts.devices.split(" ").includes(one.id));
  if (known) {
    give(known);
    if (!known.used) {
      store.put({ ...known, account: facts.account, used: true });
    }
  }
}));

/** A number that is greater in each statement of a key than in the one before: microseconds since 1970. */
const nextCounter = id => inStore("readwrite", (store, give) => ask(store.get(id), record => {
  const counter = Math.max(Date.now() * 1000, record.counter + 1);
  store.put({ ...record, counter });
  give(counter);
}));

const number = (value, size) => {
  const bytes = new Uint8Array(size);
  for (let [at, rest] = [size - 1, BigInt(value)]; at >= 0; at--, rest >>= 8n) {
    bytes[at] = Number(rest & 255n);
  }
  return bytes;
};

const bytesToSign = (community, purpose, account, device, counter, payload) => Uint8Array.from([
  utf8("cete-statement-1\0"), fromBase32(community), number(purpose.length, 4), utf8(purpose), account ? fromBase32(account) : new Uint8Array(16),
  fromBase32(device), number(counter, 8), number(payload.length, 4), payload,
].flatMap(part => [...part]));

const signBytes = async (key, bytes) => new Uint8Array(await subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, bytes));

/** A statement on the wire. */
const sign = async (record, purpose, payload) => {
  const bytes = bytesToSign(record.community, purpose, facts.account, record.id, await nextCounter(record.id), payload);
  return base64([...bytes, ...await signBytes(record.signing, bytes)]);
};

/** Makes keys that nothing can read out, and keeps them. */
const makeKeys = async () => {
  const signing = await subtle.generateKey({ name: "ECDSA", namedCurve: curve }, false, ["sign", "verify"]);
  const exchange = await subtle.generateKey({ name: "ECDH", namedCurve: curve }, false, ["deriveBits"]);
  const [signingKey, exchangeKey] = await Promise.all(
    [signing, exchange].map(async pair => new Uint8Array(await subtle.exportKey("spki", pair.publicKey))));
  const id = await nameOf(signingKey);
  const certificate = await signBytes(
    signing.privateKey, bytesToSign(facts.community, "accounts.exchange-key", "", id, 0, exchangeKey));
  const record = {
    id, community: facts.community, account: facts.account, made: Date.now(), used: false, counter: 0,
    signing: signing.privateKey, exchange: exchange.privateKey, signingKey, exchangeKey, certificate,
  };
  await inStore("readwrite", store => ask(store.getAll(), records => {
    // Those of accounts that were never made.
    records.filter(one => !one.used && one.account === "" && one.made < Date.now() - dayMs).forEach(one => store.delete(one.id));
    store.put(record);
  }));
  return record;
};

/** Keys that this browser made for the account and that are no device of it yet: to ask twice is to ask for the same. */
const pendingKeys = () => inStore("readonly", (store, give) => ask(store.getAll(), records => give(
  records.find(one => one.community === facts.community && one.account === facts.account && facts.account !== "" && !one.used))));

// What is said of an act before it is signed, made of the very act.

const quoted = text => `“${text}”`;
const because = reason => reason === "" ? "No reason is given." : `The reason: ${quoted(reason)}`;
const listed = texts => texts.length === 0 ? "none" : texts.join(", ");

const acts = {
  "suspend": {
    make: form => ({ account: form.get("account"), reason: form.get("reason").trim() }),
    say: (act, name) => `The account ${name} has only the rights of a guest from now on. ${because(act.reason)}`,
  },
  "resume": {
    make: form => ({ account: form.get("account") }),
    say: (_, name) => `The suspended account ${name} has its rights again.`,
  },
  "set-roles": {
    make: form => ({ account: form.get("account"), roles: form.getAll("roles") }),
    say: (act, name) => `The account ${name} has these roles from now on, beside member, and no others: ${listed(act.roles)}.`,
  },
  "close-account": {
    make: form => ({ account: form.get("account"), reason: form.get("reason").trim() }),
    say: (act, name) => `The account ${name} is closed for ever, and what is personal of it erased. ${because(act.reason)}`,
  },
  "define-role": {
    make: form => ({ name: form.get("name").trim(), grants: form.get("grants").split("\n").map(line => line.trim()).filter(line => line !== "") }),
    say: act => `The role ${quoted(act.name)} means these rights from now on, and no others: ${listed(act.grants)}.`,
  },
  "remove-role": {
    make: form => ({ name: form.get("name") }),
    say: act => `There is no role ${quoted(act.name)} any more.`,
  },
  "set-registration": {
    make: form => ({ registration: form.get("registration") }),
    say: act => ({
      open: "Anybody may make an account from now on.",
      invited: "Accounts are made by invitation from now on.",
      closed: "Nobody may make an account from now on.",
    })[act.registration],
  },
  "add": {
    purpose: "accounts.device",
    make: form => ({
      device: { signingKey: form.get("signingKey"), exchangeKey: form.get("exchangeKey"), certificate: form.get("certificate"), label: form.get("label") },
    }),
    say: async act => {
      const key = await nameOf(Uint8Array.from(atob(act.device.signingKey), letter => letter.charCodeAt(0)));
      return `The device ${quoted(act.device.label)} with the key ${key} may sign for your account from now on.`;
    },
  },
  "remove": {
    purpose: "accounts.device",
    make: form => ({ device: form.get("device") }),
    say: (act, name) => `The device ${quoted(name)} with the key ${act.device} may not sign for your account any more, and its sessions end.`,
  },
};

const credits = (micro, one = "credit", many = "credits") => `${Number(micro) / 1_000_000} ${Number(micro) === 1_000_000 ? one : many}`;

// What has a purpose of its own is named by it, and its payload by nothing.
Object.assign(acts, {
  "close": {
    purpose: "accounts.close",
    isAlone: true,
    make: form => ({ account: form.get("account") }),
    say: (_, name) => `Your account ${name} is closed for ever, and what is personal of it erased.`,
  },
  "add-delegate": {
    purpose: "accounts.device",
    make: form => ({
      signingKey: form.get("signingKey"), node: form.get("node"), expiresAt: Number(form.get("expiresAt")), cap: Number(form.get("cap")),
      certificate: form.get("certificate"),
    }),
    say: act => `The node ${act.node} may spend up to ${credits(act.cap)} of your account, until `
      + `${new Date(act.expiresAt / 1000).toISOString().slice(0, 10)}.`,
  },
  "send": {
    purpose: "bank.transfer",
    isAlone: true,
    make: form => ({
      transfers: [{ id: form.get("id"), kind: "send", to: form.get("to"), amount: Number(form.get("amount")), note: form.get("note") }],
    }),
    say: ({ transfers: [order] }, name) => `${credits(order.amount, "credit goes", "credits go")} from your account to ${name}, ${order.to}. `
      + `${order.note === "" ? "Nothing is said of what for." : `What for: ${quoted(order.note)}`} It cannot be taken back.`,
  },
});

const element = (name, properties, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

/** Shows what is to be signed, in words and as it is; whether it shall be. */
const confirm = (words, text) => new Promise(resolve => {
  const title = element("h2", { id: "sign-title" }, "Sign this?");
  const dialog = element(
    "dialog", { className: "sign" }, title, element("p", { id: "sign-words" }, words),
    element("details", {}, element("summary", {}, "What is signed, to the letter"), element("pre", { tabIndex: 0 }, text)),
    element(
      "form", { method: "dialog", className: "buttons" }, element("button", { className: "button primary", value: "yes" }, "Sign"),
      element("button", { className: "button", value: "", autofocus: true }, "Cancel")));
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.setAttribute("aria-describedby", "sign-words");
  dialog.addEventListener("close", () => {
    dialog.remove();
    resolve(dialog.returnValue === "yes");
  });
  document.body.append(dialog);
  dialog.showModal();
});

/** Says beside a form what went wrong in this browser. */
const complain = (form, text) => {
  form.querySelector(".complaint")?.remove();
  const notice = element("p", { className: "notice fault complaint" }, text);
  notice.setAttribute("role", "alert");
  form.prepend(notice);
};

const fill = (form, values) => {
  for (const [name, value] of Object.entries(values)) {
    form.elements[name].value = value;
  }
};

/** Has a form go on by what is done here first; it is sent once. */
const before = (form, work) => {
  let busy = false;
  addEventListener("pageshow", () => { busy = false; });
  form.addEventListener("submit", async event => {
    event.preventDefault();
    if (busy) {
      return;
    }
    busy = true;
    try {
      if (await work()) {
        form.submit();
        return;
      }
    } catch (error) {
      // Without keys there is still an account to be made, or to be recovered.
      const choice = form.elements.device?.type === "checkbox" ? form.elements.device : undefined;
      if (choice) {
        choice.checked = false;
      }
      complain(form, `This browser makes and keeps no keys: ${error.message}${choice ? " Send the form again to go on without." : ""}`);
    }
    busy = false;
  });
};

// A recovery code is the private key of a pair (src/services/Cete.Accounts/Secrets/SeededKey.cs): used here, it is shown to no node. The browser
// wants the public half beside it, which is this much of P-256 (SEC 2 §2.4.2); nobody but this page measures how long that takes.

const p = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const base = [
  0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n, 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
];
const mod = value => (value % p + p) % p;

const power = (value, exponent) => {
  let result = 1n;
  for (let [square, rest] = [mod(value), exponent]; rest > 0n; rest >>= 1n, square = mod(square * square)) {
    result = rest & 1n ? mod(result * square) : result;
  }
  return result;
};

const add = (a, b) => {
  if (!a || !b) {
    return a ?? b;
  }
  if (a[0] === b[0] && a[1] !== b[1]) {
    return undefined;
  }
  const slope = a[0] === b[0] ? mod((3n * a[0] * a[0] - 3n) * power(2n * a[1], p - 2n)) : mod((b[1] - a[1]) * power(b[0] - a[0], p - 2n));
  const x = mod(slope * slope - a[0] - b[0]);
  return [x, mod(slope * (a[0] - x) - a[1])];
};

const times = scalar => {
  let result;
  for (let [point, rest] = [base, scalar]; rest > 0n; rest >>= 1n, point = add(point, point)) {
    result = rest & 1n ? add(result, point) : result;
  }
  return result;
};

/** The key pair of a recovery code; undefined where the text is none. */
const recoveryKey = async code => {
  const text = code.replaceAll(/[- ]/g, "").toLowerCase();
  if (!/^[a-z2-7]{20}$/.test(text)) {
    return undefined;
  }
  const seed = await subtle.importKey("raw", utf8(text), "HKDF", false, ["deriveBits"]);
  const bits = await subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: utf8("cete-recovery-1") }, seed, 384);
  const stretched = new Uint8Array(bits).reduce((value, byte) => value << 8n | BigInt(byte), 0n);
  const scalar = 1n + stretched % (n - 1n);
  const [x, y] = times(scalar);
  const url = value => base64(number(value, 32)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const key = { kty: "EC", crv: curve, x: url(x), y: url(y) };
  const open = (jwk, use) => subtle.importKey("jwk", jwk, { name: "ECDSA", namedCurve: curve }, true, [use]);
  const spki = new Uint8Array(await subtle.exportKey("spki", await open(key, "verify")));
  return { id: await nameOf(spki), signing: await open({ ...key, d: url(scalar) }, "sign") };
};

/** Signs with the code of a form, which is not sent then; a form whose code is none is sent as it is, for the node to say so. */
const signRecovery = async (form, device) => {
  const key = await recoveryKey(form.elements.code.value);
  if (key) {
    const payload = utf8(JSON.stringify({ device }));
    const bytes = bytesToSign(facts.community, "accounts.recover", "", key.id, Date.now() * 1000, payload);
    fill(form, { statement: base64([...bytes, ...await signBytes(key.signing, bytes)]), code: "" });
  }
};

const start = async () => {
  const key = subtle && facts.account !== "" ? await findKey() : undefined;
  const state = !subtle ? "no-crypto" : key ? "key" : "no-key";
  for (const part of document.querySelectorAll("[data-when]")) {
    part.hidden = !part.dataset.when.split(" ").includes(state);
  }
  const own = key && document.getElementById(`device-${key.id}`);
  own?.querySelector("form")?.remove();
  own?.querySelector("small")?.append(", this browser");

  for (const form of subtle ? document.querySelectorAll("form[data-keys]") : []) {
    before(form, async () => {
      if (form.elements.device?.checked ?? true) {
        const record = await pendingKeys() ?? await makeKeys();
        fill(form, { signingKey: base64(record.signingKey), exchangeKey: base64(record.exchangeKey), certificate: base64(record.certificate) });
      }
      if (form.dataset.recovery) {
        const field = name => form.elements[name].value;
        const device = field("signingKey") === "" || !form.elements.device.checked ? null
          : { signingKey: field("signingKey"), exchangeKey: field("exchangeKey"), certificate: field("certificate"), label: field("label") };
        await signRecovery(form, device);
      }
      return true;
    });
  }
  for (const form of key ? document.querySelectorAll("form[data-act]") : []) {
    const { purpose = "accounts.govern", isAlone = false, make, say } = acts[form.dataset.act];
    before(form, async () => {
      const act = { ...isAlone ? {} : { act: form.dataset.act }, ...make(new FormData(form)) };
      const text = JSON.stringify(act);
      if (!await confirm(await say(act, form.dataset.name), text)) {
        return false;
      }
      fill(form, { statement: await sign(key, purpose, utf8(text)) });
      return true;
    });
  }
};

if (facts) {
  start().catch(() => {
    // A browser that keeps nothing, as in a private window, has no keys: the pages go on without.
    for (const part of document.querySelectorAll("[data-when]")) {
      part.hidden = !part.dataset.when.split(" ").includes("no-crypto");
    }
  });
}
