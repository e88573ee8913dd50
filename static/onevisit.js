// Small comforts on top of pages that are complete without them.

// An act is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button?.hasAttribute("data-once")) return;
  if (button.getAttribute("aria-disabled") === "true") event.preventDefault();
  button.setAttribute("aria-disabled", "true");
});
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[data-once][aria-disabled]")) button.removeAttribute("aria-disabled");
});

// A change of language or text size keeps the place on the page.
document.addEventListener("submit", (event) => {
  if (event.target.hasAttribute("data-keeps-place")) sessionStorage.setItem("place", String(scrollY));
});
const place = sessionStorage.getItem("place");
if (place !== null) {
  sessionStorage.removeItem("place");
  scrollTo(0, Number(place));
}

// A file may be dropped anywhere on its form, not only on the field.
for (const form of document.querySelectorAll("[data-takes-drops]")) {
  const field = form.querySelector("input[type=file]");
  const over = (event, is) => {
    event.preventDefault();
    form.toggleAttribute("data-dropping", is);
  };
  form.addEventListener("dragover", (event) => over(event, true));
  form.addEventListener("dragleave", (event) => over(event, false));
  form.addEventListener("drop", (event) => {
    over(event, false);
    if (event.dataTransfer.files.length !== 1) return;
    field.files = event.dataTransfer.files;
    form.requestSubmit(form.querySelector("button"));
  });
}
