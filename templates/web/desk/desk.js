// Keys, and nothing else: everything works without this file.
// A letter presses the button that names it; 1 to 4 choose a card. In a field they stay letters.
"use strict";
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
  if (event.target.closest("select, textarea, input:not([type=radio]), [contenteditable]")) return;
  const key = event.key.toLowerCase();
  if (!/^[a-z1-9]$/.test(key)) return;
  const button = document.querySelector(`[data-key="${key}"]`);
  const card = document.querySelector(`[data-choice="${key}"]`);
  if (button) button.click();
  else if (card) { card.checked = true; card.focus(); }
  else return;
  event.preventDefault();
});
