// Sends chosen photos at once, each with its progress, and goes on where a broken line stopped. Without it the form works too.

const PIECE = 512 * 1024;
const PAUSES = [1000, 3000, 8000];
const form = document.querySelector("form[data-pages]");
const field = form?.querySelector("input[type=file]");
const list = form?.querySelector("#pages");
const token = form?.querySelector("[name=csrfmiddlewaretoken]")?.value;

const words = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const pause = (time) => new Promise((wake) => setTimeout(wake, time));

class Refused extends Error {}

async function speak(address, method, headers = {}, body = undefined) {
  const answer = await fetch(address, {
    method, body, credentials: "same-origin",
    headers: { "Tus-Resumable": "1.0.0", "X-CSRFToken": token, "Accept-Language": document.documentElement.lang, ...headers },
  });
  if (answer.ok || answer.status === 404 || answer.status === 409) return answer;
  if (answer.status >= 500) throw new Error(answer.statusText);
  const problem = await answer.json().catch(() => ({}));
  throw new Refused(problem.detail || answer.statusText);
}

// What was begun before and not finished is remembered by what the file is, not by what it says.
const mark = (file) => `page:${form.dataset.pages}:${form.dataset.type}:${file.name}:${file.size}:${file.lastModified}`;

// An announcement whose answer was lost is made again under the same key, and makes no second page.
function keyFor(file) {
  const name = `key:${mark(file)}`;
  const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, "0")).join("");
  const key = sessionStorage.getItem(name) ?? fresh();
  sessionStorage.setItem(name, key);
  return key;
}

async function announced(file) {
  const known = sessionStorage.getItem(mark(file));
  if (known) {
    const answer = await speak(known, "HEAD");
    if (answer.ok) return { address: known, offset: Number(answer.headers.get("Upload-Offset")) };
  }
  const told = { requirement: form.dataset.requirement, type: form.dataset.type, filename: file.name };
  const metadata = Object.entries(told).map(([name, value]) => `${name} ${words(value)}`).join(",");
  const headers = { "Upload-Length": String(file.size), "Upload-Metadata": metadata, "Idempotency-Key": keyFor(file) };
  const answer = await speak(form.dataset.pages, "POST", headers).catch((error) => {
    if (error instanceof Refused) sessionStorage.removeItem(`key:${mark(file)}`);
    throw error;
  });
  // Under 409 the page may be made still, or was: whoever tries again asks for that one.
  if (answer.status !== 409) sessionStorage.removeItem(`key:${mark(file)}`);
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    throw new Refused(problem.detail || answer.statusText);
  }
  const address = answer.headers.get("Location");
  sessionStorage.setItem(mark(file), address);
  return { address, offset: 0 };
}

async function send(file, shown) {
  let { address, offset } = await announced(file);
  for (let tried = 0; offset < file.size; ) {
    shown.value = offset / file.size;
    try {
      const headers = { "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
      const answer = await speak(address, "PATCH", headers, file.slice(offset, offset + PIECE));
      if (answer.status === 404) throw new Refused(answer.statusText);
      if (answer.ok) [offset, tried] = [Number(answer.headers.get("Upload-Offset")), 0];
      else offset = Number((await speak(address, "HEAD")).headers.get("Upload-Offset"));
    } catch (error) {
      if (error instanceof Refused || tried >= PAUSES.length) throw error;
      await pause(PAUSES[tried++]);
    }
  }
  shown.value = 1;
  sessionStorage.removeItem(mark(file));
}

function line(file) {
  const item = document.createElement("li");
  const name = document.createElement("bdi");
  const shown = document.createElement("progress");
  item.className = "page-sent";
  name.textContent = file.name;
  shown.max = 1;
  shown.value = 0;
  shown.setAttribute("aria-label", file.name);
  item.append(name, shown);
  list.append(item);
  return { item, shown };
}

function complain(item, text) {
  const error = document.createElement("p");
  error.className = "field-error";
  error.setAttribute("role", "alert");
  error.textContent = text;
  item.querySelector("progress")?.remove();
  item.append(error);
}

// Whoever presses a button while something is still on its way is not sent away from it: the form goes when it is there.
let sending = false;
let waiting = null;

async function sendAll(files) {
  let failed = false;
  sending = true;
  const lines = files.map((file) => [file, line(file)]);
  for (const [file, { item, shown }] of lines) {
    try {
      await send(file, shown);
    } catch (error) {
      failed = true;
      if (error instanceof Refused) sessionStorage.removeItem(mark(file));
      complain(item, error instanceof Refused ? error.message : form.dataset.broken);
    }
  }
  field.value = "";
  sending = false;
  if (waiting && !failed) form.submit();
  else if (!failed) location.replace(location.href);
  waiting?.removeAttribute("aria-disabled");
  waiting = null;
}

if (form && field && list && window.fetch) {
  form.querySelector("[data-no-script]")?.remove();
  field.addEventListener("change", () => sendAll([...field.files]));
  form.addEventListener("submit", (event) => {
    if (!sending) return;
    event.preventDefault();
    waiting = event.submitter?.hasAttribute("data-once") ? event.submitter : null;
  });
}
