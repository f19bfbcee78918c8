// What scripts add; without them everything works, only nothing happens by itself.
"use strict";

const live = document.getElementById("live");
if (live && window.EventSource) {
  const changed = document.getElementById("changed");
  const say = (on) => {
    live.hidden = false;
    live.classList.toggle("lost", !on);
    live.textContent = on ? `● ${live.dataset.live}` : `○ ${live.dataset.lost}`;
  };
  const stream = new EventSource("/v1/facts/stream");
  stream.onopen = () => say(true);
  stream.onerror = () => say(false);
  stream.onmessage = () => {
    if (changed) changed.hidden = false; // nothing moves under a finger: who wants it presses
  };
  window.addEventListener("pagehide", () => stream.close());
}

for (const select of document.querySelectorAll(".filters select")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener("submit", () => {
    for (const button of form.querySelectorAll("button")) setTimeout(() => (button.disabled = true), 0);
  });
}

const locate = document.getElementById("locate");
if (locate && navigator.geolocation && window.isSecureContext) {
  locate.hidden = false;
  const told = locate.querySelector("span");
  locate.querySelector("button").addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        document.getElementById("lon").value = coords.longitude.toFixed(6);
        document.getElementById("lat").value = coords.latitude.toFixed(6);
        told.textContent = told.dataset.yes;
      },
      () => (told.textContent = told.dataset.no),
      { enableHighAccuracy: true, timeout: 10000 },
    );
  });
}

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
  document.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
  const step = { j: 1, k: -1 }[event.key];
  if (!step) return;
  const lines = [...document.querySelectorAll(".lines a")];
  const here = lines.findIndex((each) => each.getAttribute("aria-current"));
  const next = lines[here + step];
  if (next) next.click();
});

document.querySelector(".lines .here")?.scrollIntoView({ block: "nearest" });
