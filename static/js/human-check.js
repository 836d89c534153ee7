// The check that a person sends the form: our own task, or Google's check for those who press its
// button. Nothing of Google's is loaded before. Without this script the form works by patience.
"use strict";

class HumanCheck {
  constructor(box) {
    this.box = box;
    this.form = box.closest("form");
    this.google = box.querySelector("[data-google-check]");
    this.solution = box.querySelector("[name=altcha]");
    this.solving = null;
    this.byGoogle = null; // a function that fetches Google's token, once Google is chosen
    this.proven = false;
    this.sending = false;
    this.listen();
  }

  listen() {
    this.form.addEventListener("submit", (event) => this.submit(event));
    // A page that comes back out of the browser's memory may be sent again.
    window.addEventListener("pageshow", () => (this.sending = false));
    if (!this.google) {
      this.form.addEventListener("focusin", () => this.solve(), { once: true });
      return;
    }
    this.box.querySelector("[data-own-check]").addEventListener("click", () => this.chooseOwn());
    this.google.querySelector("[data-show-google]").addEventListener("click", (event) => {
      event.target.disabled = true;
      this.chooseGoogle().catch(() => this.googleIsDown());
    });
  }

  say(text) {
    this.box.querySelector("[data-status]").textContent = text;
  }

  async submit(event) {
    const busy = this.sending;
    this.sending = true;
    if (!busy && (this.proven || this.solution.value || this.googleToken())) return;
    event.preventDefault();
    if (busy) return;
    await this.prove();
    // Whatever came of it, the form is sent now: without a proof the server goes by patience.
    this.proven = true;
    this.sending = false;
    // Later, or a fast answer would send the form inside its own submit event and be dropped.
    setTimeout(() => this.form.requestSubmit(event.submitter));
  }

  async prove() {
    if (!this.byGoogle) return this.solve();
    try {
      return await this.byGoogle();
    } catch {
      return this.googleIsDown();
    }
  }

  chooseOwn() {
    this.byGoogle = null;
    return this.solve();
  }

  solve() {
    this.solving ??= this.work();
    return this.solving;
  }

  async work() {
    this.say(this.box.dataset.working);
    const challenge = JSON.parse(this.box.dataset.challenge);
    const number = await this.find(challenge).catch(() => null);
    if (number !== null) this.solution.value = btoa(JSON.stringify({ ...challenge, number }));
    this.say(number === null ? "" : this.box.dataset.done);
  }

  find(challenge) {
    return new Promise((resolve, reject) => {
      const worker = new Worker(this.box.dataset.worker);
      worker.onmessage = ({ data }) => {
        worker.terminate();
        resolve(data);
      };
      worker.onerror = reject;
      worker.postMessage(challenge);
    });
  }

  googleIsDown() {
    const done = this.chooseOwn();
    this.say(this.box.dataset.googleDown);
    return done;
  }

  googleToken() {
    return this.form.elements["g-recaptcha-response"]?.value;
  }

  async chooseGoogle() {
    const { key, kind, action } = this.google.dataset;
    await this.loadGoogle();
    if (kind === "score") {
      // Such a token lasts two minutes, so it is fetched when the form is sent.
      this.byGoogle = async () => this.keepToken(await grecaptcha.execute(key, { action }));
      this.say(this.box.dataset.done);
      return;
    }
    const callback = () => this.say(this.box.dataset.done);
    grecaptcha.render(this.google.querySelector("[data-google-place]"), { sitekey: key, callback });
  }

  keepToken(token) {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = "g-recaptcha-response";
    input.value = token;
    this.box.append(input);
  }

  loadGoogle() {
    const { script, kind, key, language } = this.google.dataset;
    return new Promise((resolve, reject) => {
      const element = document.createElement("script");
      element.src = `${script}?render=${kind === "score" ? key : "explicit"}&hl=${language}`;
      element.onload = () => grecaptcha.ready(resolve);
      element.onerror = reject;
      document.head.append(element);
    });
  }
}

for (const box of document.querySelectorAll("[data-human-check]")) new HumanCheck(box);
