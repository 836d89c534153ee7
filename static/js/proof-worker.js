// Finds the number whose digest, together with the salt, is the challenge (ALTCHA's protocol).
"use strict";

const hex = (buffer) =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function find({ algorithm, challenge, salt, maxNumber }) {
  const encoder = new TextEncoder();
  for (let number = 0; number <= maxNumber; number += 1) {
    const digest = await crypto.subtle.digest(algorithm, encoder.encode(salt + number));
    if (hex(digest) === challenge) return number;
  }
  return null;
}

onmessage = async ({ data }) => postMessage(await find(data));
