// The `/` key finds the search, and the address keeps what the list was narrowed to. Everything works without.

document.addEventListener("keydown", (event) => {
  const field = document.getElementById("q");
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (event.key !== "/" || !field || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  field.focus();
  field.select();
});

function remember(event) {
  const form = event.target.closest("#narrow");
  if (!form) return;
  const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
  history.replaceState(history.state, "", asked.size ? `?${asked}` : location.pathname);
}
document.addEventListener("input", remember);
document.addEventListener("change", remember);

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
