// Check-in that goes on while the network is away. What is done at the door is put into a queue in
// this browser and sent as soon as it can be; the server takes each entry once, however often it comes.
"use strict";

const door = document.getElementById("door");
const say = door.dataset;
const part = (name) => door.querySelector(`[data-${name}]`);
const rows = new Map();
for (const row of door.querySelectorAll("[data-guest]")) rows.set(row.dataset.guest, row);
let csrf = door.querySelector("[name=csrfmiddlewaretoken]").value;

// --- The queue ------------------------------------------------------------------------------

const PLACE = `door:${say.slug}`;
const RETRY_MS = 4000;
const REFRESH_MS = 20000;
// The server takes 500 at a time.
const MOST_AT_ONCE = 200;
let lastSent = 0;
let sending = false;

const queue = () => JSON.parse(localStorage.getItem(PLACE) || "[]");
const keep = (entries) => localStorage.setItem(PLACE, JSON.stringify(entries));

function add(entry) {
  keep([...queue(), { key: crypto.randomUUID(), at: new Date().toISOString(), ...entry }]);
  send();
}

async function send() {
  const entries = queue().slice(0, MOST_AT_ONCE);
  if (sending) return;
  sending = true;
  try {
    const answer = await fetch(say.sync, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify({ entries }),
      redirect: "manual",
    });
    if (!answer.ok) throw new Error(answer.type === "opaqueredirect" || answer.status === 403 ? "login" : "server");
    const { outcomes, people } = await answer.json();
    const done = new Set(outcomes.map((outcome) => outcome.key));
    keep(queue().filter((entry) => !done.has(entry.key)));
    lastSent = Date.now();
    for (const outcome of outcomes) if (outcome.how === "again" || outcome.how === "refused") show(outcome.how, outcome.text);
    update(people);
    network("");
  } catch (error) {
    network(error.message);
    if (error.message === "login") await renewToken();
  } finally {
    sending = false;
  }
}

// Whoever has logged in again in another tab has a new token there; without it nothing is taken.
async function renewToken() {
  const answer = await fetch(location.href, { redirect: "manual" }).catch(() => null);
  if (!answer || !answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  csrf = page.querySelector("#door [name=csrfmiddlewaretoken]").value;
  for (const field of door.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = csrf;
}

function network(problem) {
  const waiting = queue().length;
  const words = problem === "login" ? say.login : say.waiting.replace("{number}", waiting);
  part("network").textContent = problem ? words : say.sent;
}

function update(people) {
  // Somebody new came in at another door: the list is made by the server, so it is loaded again.
  const waiting = new Set(queue().map((entry) => entry.booking));
  if (people.some((guest) => !rows.has(guest.id)) && !find.value) return location.reload();
  for (const guest of people) {
    const row = rows.get(guest.id);
    if (row && !waiting.has(guest.id)) mark(row, guest.is_in ? guest.at : "");
  }
  return count();
}

// --- The list -------------------------------------------------------------------------------

function mark(row, at) {
  row.toggleAttribute("data-in", Boolean(at));
  row.querySelector("[data-at]").textContent = at;
  row.querySelector("[data-at]").hidden = !at;
  row.querySelector("[name=in]").hidden = Boolean(at);
  row.querySelector("[name=out]").hidden = !at;
}

function count() {
  part("came").textContent = door.querySelectorAll("[data-guest][data-in]").length;
  part("all").textContent = rows.size;
}

function show(how, text) {
  const result = part("result");
  result.dataset.how = how;
  result.textContent = text;
  result.hidden = false;
}

const nameOf = (row) => row.querySelector("strong").textContent;

function now() {
  const moment = new Date();
  return `${String(moment.getHours()).padStart(2, "0")}:${String(moment.getMinutes()).padStart(2, "0")}`;
}

function checkIn(row) {
  const name = nameOf(row);
  const since = row.querySelector("[data-at]").textContent;
  if (row.hasAttribute("data-in")) return show("again", say.again.replace("{name}", name).replace("{time}", since));
  mark(row, now());
  count();
  show("in", say.welcome.replace("{name}", name));
  return add({ kind: "in", booking: row.dataset.guest });
}

function takeBack(row) {
  mark(row, "");
  count();
  show("out", say.out.replace("{name}", nameOf(row)));
  add({ kind: "out", booking: row.dataset.guest });
}

for (const row of rows.values()) {
  row.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter.name === "in") checkIn(row);
    else takeBack(row);
  });
}

// --- Typed or scanned -----------------------------------------------------------------------

const find = document.getElementById("find");
const bare = (text) => text.replaceAll("-", "").trim().toLowerCase();

function matching(typed) {
  const words = typed.trim().toLowerCase();
  const signs = bare(typed);
  return [...rows.values()].filter((row) =>
    nameOf(row).toLowerCase().includes(words) || (signs.length > 2 && row.dataset.guest.startsWith(signs)));
}

find.addEventListener("input", () => {
  const shown = new Set(matching(find.value));
  for (const row of rows.values()) row.hidden = !shown.has(row);
});

find.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !find.value.trim()) return;
  event.preventDefault();
  const found = matching(find.value);
  if (found.length > 1) return show("refused", say.several);
  if (!found.length) return show("refused", say.unknown);
  checkIn(found[0]);
  find.value = "";
  return find.dispatchEvent(new Event("input"));
});

function scanned(text) {
  const row = rows.get(bare(text));
  if (row) checkIn(row);
  else show("refused", say.unknown);
}

// --- The camera -----------------------------------------------------------------------------

const video = part("video");
const SAME_MS = 3000;
let seen = { text: "", at: 0 };

async function reader() {
  if ("BarcodeDetector" in window) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async () => (await detector.detect(video))[0]?.rawValue;
  }
  await new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = say.reader;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
  const canvas = document.createElement("canvas");
  return async () => {
    const [width, height] = [video.videoWidth, video.videoHeight];
    canvas.width = width;
    canvas.height = height;
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(video, 0, 0, width, height);
    return jsQR(pen.getImageData(0, 0, width, height).data, width, height)?.data;
  };
}

async function look(read) {
  if (video.hidden) return;
  const text = video.videoWidth ? await read().catch(() => "") : "";
  if (text && (text !== seen.text || Date.now() - seen.at > SAME_MS)) {
    seen = { text, at: Date.now() };
    scanned(text);
  }
  setTimeout(look, 150, read);
}

async function scan() {
  if (!video.hidden) {
    for (const track of video.srcObject.getTracks()) track.stop();
    video.hidden = true;
    return;
  }
  try {
    const read = await reader();
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.hidden = false;
    await video.play();
    look(read);
  } catch {
    show("refused", say.nocamera);
  }
}

if (navigator.mediaDevices) {
  part("scan").hidden = false;
  part("scan").addEventListener("click", scan);
}

// --- Somebody without a seat ----------------------------------------------------------------

door.querySelector("[data-walk-in]").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const [name, email, employer] = ["name", "email", "employer"].map((field) => form.elements[field].value.trim());
  if (!name || !form.elements.email.checkValidity() || !email) return show("refused", say.needed);
  show("in", say.welcome.replace("{name}", name));
  add({ kind: "walk-in", name, email, employer });
  return form.reset();
});

// --- All the time ---------------------------------------------------------------------------

for (const entry of queue()) {
  const row = rows.get(entry.booking);
  if (row) mark(row, entry.kind === "in" ? row.querySelector("[data-at]").textContent || now() : "");
}
count();
send();
setInterval(() => {
  if (queue().length || Date.now() - lastSent > REFRESH_MS) send();
}, RETRY_MS);
window.addEventListener("online", send);
