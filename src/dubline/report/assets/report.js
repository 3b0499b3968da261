"use strict";
(() => {
  const main = document.querySelector("main");
  document.documentElement.classList.add("scripted");

  const rows = [...document.querySelectorAll(".lines tbody tr")];
  const find = document.getElementById("find");
  const who = document.getElementById("who");
  const faulty = document.getElementById("faulty");
  const shown = document.getElementById("shown");
  const texts = new Map();

  function textOf(row) {
    if (!texts.has(row)) texts.set(row, row.textContent.toLocaleLowerCase());
    return texts.get(row);
  }

  function filter() {
    const wanted = find.value.trim().toLocaleLowerCase();
    let count = 0;
    for (const row of rows) {
      const fits = (!who.value || row.cells[1].textContent === who.value)
        && (!faulty.checked || row.className !== "fine")
        && (!wanted || textOf(row).includes(wanted));
      row.hidden = !fits;
      count += fits;
    }
    shown.textContent = count === rows.length ? "" : `${count} of ${rows.length} lines`;
  }

  function valueOf(row, column) {
    const cell = row.cells[column];
    if (column === 0) return Number(row.id.slice(4));
    if (column === 1) return cell.textContent;
    return cell.dataset.v === undefined ? -Infinity : Number(cell.dataset.v);
  }

  function sort(head) {
    const column = head.cellIndex;
    const before = head.getAttribute("aria-sort");
    const down = before ? before === "ascending" : column > 1;
    for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const size = (row) => (column === 4 ? Math.abs(valueOf(row, 4)) : valueOf(row, column));
    const missing = (row) => valueOf(row, column) === -Infinity;
    rows.sort((one, other) => {
      if (missing(one) !== missing(other)) return missing(one) ? 1 : -1;
      const a = size(one), b = size(other);
      const order = a < b ? -1 : a > b ? 1 : 0;
      return (down ? -order : order) || valueOf(one, 0) - valueOf(other, 0);
    });
    document.querySelector(".lines tbody").append(...rows);
  }

  if (rows.length) {
    document.querySelector(".controls").addEventListener("submit", (event) => event.preventDefault());
    for (const field of [find, who, faulty]) field.addEventListener("input", filter);
    for (const button of document.querySelectorAll("[data-sort]")) {
      button.addEventListener("click", () => sort(button.closest("th")));
    }
  }

  const status = document.getElementById("player");
  const sounds = new Map();
  let playing = null;

  function soundOf(name) {
    if (!sounds.has(name)) {
      const sound = new Audio();
      sound.preload = "auto";
      sound.src = main.dataset[name];
      sound.addEventListener("error", () => {
        stop();
        status.textContent = `Cannot play ${decodeURIComponent(main.dataset[name].slice(2))}: it must lie beside this report.`;
      });
      sound.addEventListener("timeupdate", () => {
        if (playing && playing.sound === sound && sound.currentTime >= playing.end) stop();
      });
      sounds.set(name, sound);
    }
    return sounds.get(name);
  }

  function stop() {
    if (!playing) return;
    playing.sound.pause();
    playing.button.setAttribute("aria-pressed", "false");
    playing = null;
  }

  async function play(button) {
    const again = playing && playing.button === button;
    stop();
    status.textContent = "";
    if (again) return;
    const sound = soundOf(button.dataset.play);
    playing = { sound, button, end: Number(button.dataset.to) };
    button.setAttribute("aria-pressed", "true");
    sound.currentTime = Math.max(0, Number(button.dataset.from) - 0.1);
    try {
      await sound.play();
    } catch {
      stop();
    }
  }

  for (const button of document.querySelectorAll("[data-play]")) {
    if (!main.dataset[button.dataset.play]) button.hidden = true;
    else button.addEventListener("click", () => play(button));
  }
})();
