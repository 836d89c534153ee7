// Counts down to the moment in data-until (Unix seconds). Without this script the page says it in words.
"use strict";

const SOON_S = 300;

function secondsLeft(clock) {
  return Math.max(0, Math.round(Number(clock.dataset.until) - Date.now() / 1000));
}

function minutesAndSeconds(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function stateAt(seconds) {
  if (seconds === 0) return "over";
  return seconds <= SOON_S ? "soon" : "running";
}

function tick(clock) {
  const seconds = secondsLeft(clock);
  const state = stateAt(seconds);
  clock.querySelector("[data-left]").textContent = minutesAndSeconds(seconds);
  if (clock.dataset.state !== state) {
    clock.dataset.state = state;
    // Read out once when time is short and once when it is over, not every second.
    clock.querySelector("[data-announce]").textContent = clock.dataset[state] || "";
  }
  if (seconds > 0) setTimeout(tick, 1000, clock);
}

for (const clock of document.querySelectorAll("[data-until]")) {
  clock.querySelector("[data-counting]").hidden = false;
  tick(clock);
}
