// A voice note that can be played.

import { h, icon } from "./dom.js";

const BARS = 30;
let playing = null;

export function voicePlayer(source, seconds, complain) {
  const wave = h("span", { class: "wave", "aria-hidden": "true" }, bars(source));
  const length = h("span", { class: "length" }, clock(seconds));
  const button = h("button", { type: "button" });
  const audio = new Audio();
  audio.preload = "none";
  audio.src = source;

  const show = () => {
    button.replaceChildren(icon(audio.paused ? "play" : "pause"));
    button.setAttribute("aria-label", audio.paused ? `Play voice message, ${seconds} seconds` : "Pause voice message");
  };
  const progress = () => {
    const share = audio.duration ? audio.currentTime / audio.duration : 0;
    [...wave.children].forEach((bar, place) => bar.classList.toggle("past", place < share * BARS));
    length.textContent = clock(audio.paused && !audio.currentTime ? seconds : audio.currentTime);
  };
  button.addEventListener("click", () => {
    if (!audio.paused) return audio.pause();
    if (playing && playing !== audio) playing.pause();
    playing = audio;
    audio.play().catch(() => complain("This recording cannot be played here."));
  });
  for (const name of ["play", "pause"]) audio.addEventListener(name, show);
  audio.addEventListener("timeupdate", progress);
  audio.addEventListener("ended", () => {
    audio.currentTime = 0;
    progress();
  });
  show();
  return h("div", { class: "voice" }, button, wave, length);
}

/** A shape that looks like speech and is the same for the same recording. */
function bars(source) {
  let seed = [...source].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 65_521, 7);
  return Array.from({ length: BARS }, (_, place) => {
    seed = (seed * 75 + 74) % 65_537;
    const swell = Math.sin(((place % 11) / 11) * Math.PI);
    const bar = h("i");
    bar.style.height = `${Math.round(12 + 30 * swell + (seed / 65_537) * 48)}%`;
    return bar;
  });
}

function clock(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
