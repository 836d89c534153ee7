// Says on the page that a passkey did not work; the library alone tells only the browser's console.
"use strict";

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const problem = document.getElementById("passkey-problem");
  problem.textContent = problem.dataset.text;
  problem.hidden = false;
});
