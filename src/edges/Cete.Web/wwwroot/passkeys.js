// Passkeys (WebAuthn level 2): a form with data-passkey has the browser make one or show one before it is sent. Without this script the page goes on
// with the password. What is sent is verified by the node (src/services/Cete.Accounts/Passkeys).

const bytesOf = text => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), letter => letter.charCodeAt(0));
const textOf = buffer => btoa(Array.from(new Uint8Array(buffer ?? []), byte => String.fromCharCode(byte)).join(""));
const listOf = facts => facts.ids.split(" ").filter(id => id !== "").map(id => ({ type: "public-key", id: bytesOf(id) }));
const es256 = { type: "public-key", alg: -7 };
const rs256 = { type: "public-key", alg: -257 };

const ways = {
  create: async facts => {
    const made = await navigator.credentials.create({
      publicKey: {
        rp: { id: facts.domain, name: facts.community },
        user: { id: bytesOf(facts.user), name: facts.name, displayName: facts.name },
        challenge: bytesOf(facts.challenge),
        pubKeyCredParams: [es256, rs256],
        excludeCredentials: listOf(facts),
        authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
        attestation: "none",
      },
    });
    return {
      client: textOf(made.response.clientDataJSON),
      attestation: textOf(made.response.attestationObject),
      transports: (made.response.getTransports?.() ?? []).join(" "),
    };
  },
  get: async facts => {
    const shown = await navigator.credentials.get({
      publicKey: { rpId: facts.domain, challenge: bytesOf(facts.challenge), allowCredentials: listOf(facts), userVerification: "required" },
    });
    return {
      passkey: textOf(shown.rawId),
      client: textOf(shown.response.clientDataJSON),
      data: textOf(shown.response.authenticatorData),
      signature: textOf(shown.response.signature),
      user: textOf(shown.response.userHandle),
    };
  },
};

const complain = (form, text) => {
  form.querySelector(".complaint")?.remove();
  const notice = Object.assign(document.createElement("p"), { className: "notice fault complaint", textContent: text });
  notice.setAttribute("role", "alert");
  form.prepend(notice);
};

if (globalThis.PublicKeyCredential && navigator.credentials) {
  for (const part of document.querySelectorAll("[data-passkey-part]")) {
    part.hidden = false;
  }
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    let busy = false;
    addEventListener("pageshow", () => { busy = false; });
    form.addEventListener("submit", async event => {
      event.preventDefault();
      if (busy) {
        return;
      }
      busy = true;
      try {
        for (const [name, value] of Object.entries(await ways[form.dataset.passkey](form.dataset))) {
          form.elements[name].value = value;
        }
        form.submit();
      } catch (error) {
        complain(form, `No passkey was used: ${error.message}`);
        busy = false;
      }
    });
  }
}
